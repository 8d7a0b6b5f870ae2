#pragma once

#include <atomic>
#include <chrono>
#include <string>

namespace runai::testing {

/// The control plane's wall clock: the machine's, and a skew. Thread-safe.
class ServerClock {
public:
    explicit ServerClock(std::chrono::seconds skew) : skew_(skew.count()) {}

    std::chrono::system_clock::time_point now() const {
        return std::chrono::system_clock::now() + std::chrono::seconds(skew_.load());
    }
    void setSkew(std::chrono::seconds skew) { skew_ = skew.count(); }

private:
    std::atomic<std::chrono::seconds::rep> skew_;
};

/// RFC 3339 in UTC with whole seconds, as the API writes its times.
std::string formatTime(std::chrono::system_clock::time_point time);

} // namespace runai::testing
