#pragma once

#include <httptest/abi.hpp>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>

namespace httptest::inline v1 {

/// Steady time that goes on while the machine is suspended (CLOCK_BOOTTIME), so that a token that died during a
/// suspension is known to be dead when the machine wakes. `std::chrono::steady_clock` stands still meanwhile.
struct HTTPTEST_API BootClock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<BootClock>;
    static constexpr bool is_steady = true;

    static time_point now() noexcept;
};

using SteadyTime = BootClock::time_point;
using WallTime = std::chrono::sys_time<std::chrono::nanoseconds>;

/// Both clocks, read together.
struct Instant {
    SteadyTime steady;
    WallTime wall;
};

/// The seam through which everything but the wire reads time and waits.
///
/// Implementations are thread-safe.
class HTTPTEST_API Clock {
public:
    virtual ~Clock();

    virtual SteadyTime steady() const noexcept = 0;
    virtual WallTime wall() const noexcept = 0;

    /// Waits until `changed` is notified or steady time reaches `until`; may return early, as a condition variable
    /// may. Callers loop over their own condition. `lock` is held on entry and on return.
    virtual void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, SteadyTime until) = 0;

    Instant now() const noexcept { return {steady(), wall()}; }

    /// Sleeps until `until`. Returns false at once when `stop` is requested.
    bool sleepUntil(SteadyTime until, std::stop_token const& stop);
};

/// The machine's clocks. One shared object, alive for the whole process.
HTTPTEST_API std::shared_ptr<Clock> systemClock();

} // namespace httptest::v1
