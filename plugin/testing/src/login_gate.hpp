#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace runai::testing {

/// Where login requests wait: behind a barrier that a test closes and opens, then for a delay. Thread-safe.
class LoginGate {
public:
    explicit LoginGate(std::chrono::milliseconds delay) : delay_(delay) {}

    /// Blocks while the gate is held, then for the delay.
    void pass();

    void hold();
    void release();
    bool waitForHeld(std::size_t count, std::chrono::milliseconds timeout);
    void setDelay(std::chrono::milliseconds delay);

    /// For good: nobody waits here any more.
    void open();

private:
    std::mutex mutex_; // guards what follows
    std::condition_variable changed_;
    std::chrono::milliseconds delay_;
    bool held_ = false;
    bool open_ = false;
    std::size_t waiting_ = 0;
    std::uint64_t releases_ = 0; ///< Tells a waiter that it was released, also when the gate is held again by then.
};

} // namespace runai::testing
