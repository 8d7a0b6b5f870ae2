#pragma once

#include <httptest/clock.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <stop_token>
#include <thread>

namespace httptest::testing {

/// Time that moves only when a test moves it. Thread-safe; outlives the threads that wait on it.
///
/// A wait returns whenever steady time has moved, due or not, as `Clock::wait` allows.
class FakeClock final : public Clock {
public:
    /// Starts in 2026, with a steady time that is no round number of anything.
    FakeClock();
    explicit FakeClock(Instant start);
    ~FakeClock() override;
    FakeClock(FakeClock const&) = delete;
    FakeClock& operator=(FakeClock const&) = delete;

    SteadyTime steady() const noexcept override;
    WallTime wall() const noexcept override;
    void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, SteadyTime until) override;

    /// Moves both clocks: time passes.
    void advance(std::chrono::nanoseconds by);
    /// Moves steady time alone, as if the wall clock had been set back meanwhile.
    void advanceSteady(std::chrono::nanoseconds by);
    /// Sets the wall clock alone, as an administrator does. Wakes nobody.
    void setWall(WallTime to);

    /// Blocks until `count` threads or more wait on this clock and have not been woken by it.
    /// @throws std::runtime_error  They do not within 10 s of real time.
    void waitForSleepers(std::size_t count);

private:
    struct Sleeper {
        std::condition_variable& changed;
        std::uint64_t since; ///< The number of moves it has seen.
    };

    void move(std::chrono::nanoseconds steady, std::chrono::nanoseconds wall);
    std::size_t wakeOverdue();
    std::size_t settledSleepers() const;
    void nudge(std::stop_token const& stop);

    mutable std::mutex mutex_; // guards everything below; taken while a sleeper's mutex is held, never the other way
    Instant now_;
    std::uint64_t moves_ = 0;
    std::list<Sleeper> sleepers_;
    std::condition_variable fellAsleep_;
    std::condition_variable_any moved_;
    std::jthread nudger_; // last: ends first
};

} // namespace httptest::testing
