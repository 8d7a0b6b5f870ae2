#include "polling/schedule.hpp"

#include <algorithm>

namespace httptest::polling {

Schedule::Schedule(SteadyTime start, std::chrono::nanoseconds within, std::chrono::nanoseconds first,
                   std::chrono::nanoseconds longest) noexcept
    : end_(start + within),
      latest_(end_ - first),
      pause_(first),
      longest_(longest) {}

std::optional<SteadyTime> Schedule::next(SteadyTime now, std::chrono::nanoseconds notBefore) noexcept {
    SteadyTime const regular = std::min(now + pause_, latest_);
    pause_ = std::min(pause_ + pause_ / 2, longest_);
    SteadyTime const next = std::max(regular, now + notBefore);
    if (next <= now || next >= end_) {
        return std::nullopt;
    }
    return next;
}

} // namespace httptest::polling
