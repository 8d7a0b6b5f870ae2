#include "process_state.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// The sanitizers' common allocator interface, whose header GCC does not ship.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes(); // NOLINT(bugprone-reserved-identifier)
#else
#include <malloc.h>
#endif

namespace soak {

namespace {

std::size_t entriesOf(char const* folder) {
    std::filesystem::directory_iterator const entries(folder);
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

} // namespace

std::size_t liveHeap() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return __sanitizer_get_current_allocated_bytes();
#else
    auto const all = ::mallinfo2(); // of all arenas
    return all.uordblks + all.hblkhd;
#endif
}

std::size_t openDescriptors() {
    return entriesOf("/proc/self/fd") - 1; // one is the iterator's own
}

std::size_t livingThreads() {
    return entriesOf("/proc/self/task");
}

} // namespace soak
