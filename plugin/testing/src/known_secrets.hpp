#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace runai::testing {

/// Every secret that a fake has made or been given. Thread-safe.
class KnownSecrets {
public:
    void add(std::string secret);

    /// The newest 10,000, oldest first.
    std::vector<std::string> all() const;

private:
    mutable std::mutex mutex_; // guards secrets_
    std::deque<std::string> secrets_;
};

} // namespace runai::testing
