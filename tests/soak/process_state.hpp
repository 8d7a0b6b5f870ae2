#pragma once

#include <cstddef>

namespace soak {

/// What malloc has given out and not got back, in bytes; a sanitizer's allocator where there is one.
std::size_t liveHeap();

/// Of this process.
std::size_t openDescriptors();
std::size_t livingThreads();

} // namespace soak
