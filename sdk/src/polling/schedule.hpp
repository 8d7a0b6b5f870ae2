#pragma once

#include <httptest/clock.hpp>

#include <chrono>
#include <optional>

namespace httptest::polling {

/// When a poll's attempts begin. Pauses grow by half from `first` to `longest`; the last attempt begins one `first`
/// before the end, so that it has time for its reply, and so that the end is not missed by almost a `longest`.
class Schedule {
public:
    Schedule(SteadyTime start, std::chrono::nanoseconds within, std::chrono::nanoseconds first,
             std::chrono::nanoseconds longest) noexcept;

    SteadyTime end() const noexcept { return end_; }

    /// When the attempt after one that ended at `now` begins; nothing when none fits.
    /// @param notBefore  From `now`: what the server asked for; zero for nothing.
    std::optional<SteadyTime> next(SteadyTime now, std::chrono::nanoseconds notBefore) noexcept;

private:
    SteadyTime end_;
    SteadyTime latest_; ///< When the last attempt begins.
    std::chrono::nanoseconds pause_;
    std::chrono::nanoseconds longest_;
};

} // namespace httptest::polling
