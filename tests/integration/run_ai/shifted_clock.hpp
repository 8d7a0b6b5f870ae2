#pragma once

#include <httptest/clock.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

/// The machine's clocks, set ahead: what a test does instead of waiting for a token's end. Real transports work with
/// it. Thread-safe.
class ShiftedClock final : public httptest::Clock {
public:
    void advance(std::chrono::nanoseconds by) { shift_ += by.count(); }

    httptest::SteadyTime steady() const noexcept override { return real_->steady() + shift(); }
    httptest::WallTime wall() const noexcept override { return real_->wall() + shift(); }
    void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
              httptest::SteadyTime until) override {
        real_->wait(lock, changed, until - shift());
    }

private:
    std::chrono::nanoseconds shift() const noexcept { return std::chrono::nanoseconds(shift_.load()); }

    std::shared_ptr<httptest::Clock> const real_ = httptest::systemClock();
    std::atomic<std::chrono::nanoseconds::rep> shift_{0};
};
