#include <httptest/clock.hpp>

#include <ctime>

namespace httptest::inline v1 {

BootClock::time_point BootClock::now() noexcept {
    timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return time_point(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

Clock::~Clock() = default;

bool Clock::sleepUntil(SteadyTime until, std::stop_token const& stop) {
    std::mutex mutex;
    std::condition_variable changed;
    std::stop_callback const wake(stop, [&] {
        std::lock_guard const lock(mutex);
        changed.notify_all();
    });
    std::unique_lock lock(mutex);
    while (!stop.stop_requested() && steady() < until) {
        wait(lock, changed, until);
    }
    return !stop.stop_requested();
}

namespace {

class SystemClock final : public Clock {
public:
    SteadyTime steady() const noexcept override { return BootClock::now(); }

    WallTime wall() const noexcept override {
        return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
    }

    void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, SteadyTime until) override {
        // The condition variable's clock stands still in a suspension; a caller's loop then sees that time has come.
        auto const left = until - steady();
        if (left.count() > 0) {
            changed.wait_for(lock, std::min<std::chrono::nanoseconds>(left, std::chrono::hours(24)));
        }
    }
};

} // namespace

std::shared_ptr<Clock> systemClock() {
    static std::shared_ptr<Clock> const clock = std::make_shared<SystemClock>();
    return clock;
}

} // namespace httptest::v1
