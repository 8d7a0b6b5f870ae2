#pragma once

#include <runai/testing/login_traffic.hpp>

#include <mutex>

namespace runai::testing {

/// Counts. Thread-safe.
class Tally {
public:
    void count(std::uint64_t Counters::*counter) {
        std::scoped_lock const lock(mutex_);
        ++(counters_.*counter);
    }

    Counters counters() const {
        std::scoped_lock const lock(mutex_);
        return counters_;
    }

private:
    mutable std::mutex mutex_; // guards counters_
    Counters counters_;
};

} // namespace runai::testing
