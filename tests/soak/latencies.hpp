#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace soak {

/// How long replies took, in classes each 1/8 wider than the one before: exact enough for a table, without allocations.
class Latencies {
public:
    void add(std::chrono::nanoseconds took) noexcept;
    void add(Latencies const& others) noexcept;

    /// The upper end of the class in which this share of them ends; zero where there are none.
    std::chrono::nanoseconds quantile(double share) const noexcept;
    std::chrono::nanoseconds longest() const noexcept { return longest_; }

private:
    static constexpr std::size_t classes = 256;

    std::array<std::uint64_t, classes> counts_{};
    std::uint64_t all_ = 0;
    std::chrono::nanoseconds longest_{0};
};

} // namespace soak
