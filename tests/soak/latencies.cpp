#include "latencies.hpp"

#include <algorithm>
#include <cmath>

namespace soak {

namespace {

constexpr double growth = 1.125;
constexpr double shortest = 1'000; // ns

} // namespace

void Latencies::add(std::chrono::nanoseconds took) noexcept {
    double const classOf =
        std::log(std::max(static_cast<double>(took.count()), shortest) / shortest) / std::log(growth);
    ++counts_.at(std::min(static_cast<std::size_t>(classOf), classes - 1));
    ++all_;
    longest_ = std::max(longest_, took);
}

void Latencies::add(Latencies const& others) noexcept {
    std::transform(counts_.begin(), counts_.end(), others.counts_.begin(), counts_.begin(), std::plus<>());
    all_ += others.all_;
    longest_ = std::max(longest_, others.longest_);
}

std::chrono::nanoseconds Latencies::quantile(double share) const noexcept {
    auto left = static_cast<double>(all_) * share;
    for (std::size_t i = 0; i < classes && all_ > 0; ++i) {
        left -= static_cast<double>(counts_.at(i));
        if (left <= 0) {
            auto const end = std::chrono::nanoseconds(
                static_cast<std::chrono::nanoseconds::rep>(shortest * std::pow(growth, static_cast<double>(i + 1))));
            return std::min(end, longest_);
        }
    }
    return longest_;
}

} // namespace soak
