#include "known_secrets.hpp"

#include <cstddef>
#include <utility>

namespace runai::testing {

namespace {

/// A bound for a fake that serves a benchmark.
constexpr std::size_t maxKept = 10'000;

} // namespace

void KnownSecrets::add(std::string secret) {
    std::scoped_lock const lock(mutex_);
    secrets_.push_back(std::move(secret));
    if (secrets_.size() > maxKept) {
        secrets_.pop_front();
    }
}

std::vector<std::string> KnownSecrets::all() const {
    std::scoped_lock const lock(mutex_);
    return {secrets_.begin(), secrets_.end()};
}

} // namespace runai::testing
