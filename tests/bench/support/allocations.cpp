#include "support/allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::uint64_t> counted{0};

} // namespace

// A file of its own, or GCC sees into one of the pair and calls it mismatched. The other forms of `new` call this one.
void* operator new(std::size_t size) {
    counted.fetch_add(1, std::memory_order_relaxed);
    if (void* const memory = std::malloc(size)) {
        return memory;
    }
    throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace httptest::bench {

std::uint64_t allocations() noexcept {
    return counted.load(std::memory_order_relaxed);
}

} // namespace httptest::bench
