#include "memory_peak.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> live{0};
std::atomic<std::size_t> peak{0};

void* counted(void* memory) {
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    std::size_t const size = ::malloc_usable_size(memory);
    std::size_t const now = live.fetch_add(size, std::memory_order_relaxed) + size;
    for (auto highest = peak.load(std::memory_order_relaxed);
         highest < now && !peak.compare_exchange_weak(highest, now, std::memory_order_relaxed);) {
    }
    return memory;
}

void uncounted(void* memory) noexcept {
    live.fetch_sub(memory != nullptr ? ::malloc_usable_size(memory) : 0, std::memory_order_relaxed);
    std::free(memory);
}

std::size_t whole(std::size_t size, std::size_t alignment) {
    return (size + alignment - 1) / alignment * alignment;
}

} // namespace

// The forms that others lead to (for arrays, without exceptions) are the standard library's own.
void* operator new(std::size_t size) {
    return counted(std::malloc(size > 0 ? size : 1));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    auto const bytes = static_cast<std::size_t>(alignment);
    return counted(std::aligned_alloc(bytes, whole(size > 0 ? size : 1, bytes)));
}
void operator delete(void* memory) noexcept {
    uncounted(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    uncounted(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    uncounted(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    uncounted(memory);
}

namespace fault_tests {

MemoryPeak::MemoryPeak() noexcept : start_(live.load()) {
    peak.store(start_);
}

std::size_t MemoryPeak::bytes() const noexcept {
    std::size_t const highest = peak.load();
    return highest > start_ ? highest - start_ : 0;
}

} // namespace fault_tests
