#pragma once

#include <cstddef>

namespace fault_tests {

/// By how much the memory that `new` gave to this program has grown at most since the object was made. All threads
/// count, those of servers too. One at a time.
class MemoryPeak {
public:
    MemoryPeak() noexcept;

    std::size_t bytes() const noexcept;

private:
    std::size_t start_;
};

} // namespace fault_tests
