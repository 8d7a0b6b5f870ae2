#pragma once

#include <httptest/clock.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>

namespace httptest::inline v1 {

/// For how long the redactor knows a text: while a Secret holds it, and until its end.
class Remembrance {
public:
    void hold() noexcept { ++holders_; }

    /// Its end, unless it has been told one, is then an hour away: longer than any failure text about it is made.
    void release(SteadyTime now) noexcept {
        holders_ -= holders_ > 0 ? 1 : 0;
        released_ = now;
    }

    void forGood() noexcept { permanent_ = true; }
    void until(SteadyTime end) noexcept { told_ = std::max(told_.value_or(end), end); }

    bool over(SteadyTime now) const noexcept { return !permanent_ && holders_ == 0 && endsAt() <= now; }
    SteadyTime endsAt() const noexcept { return told_.value_or(released_ + std::chrono::hours(1)); }

private:
    std::size_t holders_ = 0; ///< Living Secret objects.
    bool permanent_ = false;
    std::optional<SteadyTime> told_;
    SteadyTime released_; ///< By the last of them.
};

} // namespace httptest::v1
