#pragma once

#include <httptest/clock.hpp>
#include <httptest/testing/fake_clock.hpp>

#include <atomic>
#include <memory>
#include <utility>

/// From `jump` on, whoever waits on it finds that the time has come: sleeping code is tested on one thread. Log in
/// before: a login has a thread of its own, for which somebody waits.
class JumpingClock final : public httptest::Clock {
public:
    explicit JumpingClock(std::shared_ptr<httptest::testing::FakeClock> time) : time_(std::move(time)) {}

    httptest::SteadyTime steady() const noexcept override { return time_->steady(); }
    httptest::WallTime wall() const noexcept override { return time_->wall(); }

    void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
              httptest::SteadyTime until) override {
        if (!jumping_) {
            time_->wait(lock, changed, until);
        } else if (until > steady()) {
            time_->advance(until - steady());
        }
    }

    void jump() noexcept { jumping_ = true; }

private:
    std::atomic<bool> jumping_ = false;
    std::shared_ptr<httptest::testing::FakeClock> time_;
};
