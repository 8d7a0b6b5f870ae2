#include <httptest/testing/fake_clock.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace httptest::testing {

using namespace std::chrono_literals;

namespace {

/// Real time after which a test that waits for sleepers is told that they will not come.
constexpr auto sleeperPatience = 10s;

/// How long a wake-up that fell between a sleeper's registration and its sleep may stay lost.
constexpr auto nudgeInterval = 1ms;

constexpr Instant firstInstant{SteadyTime(12'345'678ms),
                               std::chrono::sys_days(std::chrono::January / 1 / 2026) + 9h + 30min};

} // namespace

FakeClock::FakeClock() : FakeClock(firstInstant) {}

FakeClock::FakeClock(Instant start) : now_(start), nudger_([this](std::stop_token const& stop) { nudge(stop); }) {}

FakeClock::~FakeClock() = default;

SteadyTime FakeClock::steady() const noexcept {
    std::lock_guard const guard(mutex_);
    return now_.steady;
}

WallTime FakeClock::wall() const noexcept {
    std::lock_guard const guard(mutex_);
    return now_.wall;
}

void FakeClock::wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, SteadyTime until) {
    std::list<Sleeper>::iterator self;
    {
        std::lock_guard const guard(mutex_);
        if (now_.steady >= until) {
            return;
        }
        self = sleepers_.insert(sleepers_.end(), {changed, moves_});
        fellAsleep_.notify_all();
    }
    changed.wait(lock);
    std::lock_guard const guard(mutex_);
    sleepers_.erase(self);
}

void FakeClock::advance(std::chrono::nanoseconds by) {
    move(by, by);
}

void FakeClock::advanceSteady(std::chrono::nanoseconds by) {
    move(by, 0ns);
}

void FakeClock::setWall(WallTime to) {
    std::lock_guard const guard(mutex_);
    now_.wall = to;
}

void FakeClock::move(std::chrono::nanoseconds steady, std::chrono::nanoseconds wall) {
    std::lock_guard const guard(mutex_);
    now_.steady += steady;
    now_.wall += wall;
    ++moves_;
    if (wakeOverdue() > 0) {
        moved_.notify_all();
    }
}

/// Notifies the sleepers that time has left behind, and returns how many there are. A sleeper's condition variable is
/// alive for as long as it is listed.
std::size_t FakeClock::wakeOverdue() {
    std::size_t overdue = 0;
    for (Sleeper const& sleeper : sleepers_) {
        if (sleeper.since != moves_) {
            sleeper.changed.notify_all();
            ++overdue;
        }
    }
    return overdue;
}

/// Wakes again whoever is still listed after time has moved. A sleeper registers under `mutex_` and goes to sleep
/// under its own, so that a notification can come in between; taking its mutex here could deadlock with the test.
void FakeClock::nudge(std::stop_token const& stop) {
    std::unique_lock lock(mutex_);
    while (moved_.wait(lock, stop, [this] { return settledSleepers() != sleepers_.size(); })) {
        moved_.wait_for(lock, stop, nudgeInterval, [] { return false; });
        wakeOverdue();
    }
}

std::size_t FakeClock::settledSleepers() const {
    return static_cast<std::size_t>(std::count_if(sleepers_.begin(), sleepers_.end(),
                                                  [this](Sleeper const& sleeper) { return sleeper.since == moves_; }));
}

void FakeClock::waitForSleepers(std::size_t count) {
    std::unique_lock lock(mutex_);
    if (!fellAsleep_.wait_for(lock, sleeperPatience, [&] { return settledSleepers() >= count; })) {
        throw std::runtime_error("only " + std::to_string(settledSleepers()) + " of " + std::to_string(count) +
                                 " threads wait on the fake clock after 10 s");
    }
}

} // namespace httptest::testing
