#include "login_gate.hpp"

namespace runai::testing {

void LoginGate::pass() {
    std::unique_lock lock(mutex_);
    if (held_ && !open_) {
        ++waiting_;
        changed_.notify_all();
        changed_.wait(lock, [this, releases = releases_] { return releases_ != releases || open_; });
    }
    changed_.wait_for(lock, delay_, [this] { return open_; });
}

void LoginGate::hold() {
    std::scoped_lock const lock(mutex_);
    held_ = true;
}

void LoginGate::release() {
    std::scoped_lock const lock(mutex_);
    held_ = false;
    waiting_ = 0;
    ++releases_;
    changed_.notify_all();
}

bool LoginGate::waitForHeld(std::size_t count, std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [&] { return waiting_ >= count; });
}

void LoginGate::setDelay(std::chrono::milliseconds delay) {
    std::scoped_lock const lock(mutex_);
    delay_ = delay;
}

void LoginGate::open() {
    std::scoped_lock const lock(mutex_);
    open_ = true;
    changed_.notify_all();
}

} // namespace runai::testing
