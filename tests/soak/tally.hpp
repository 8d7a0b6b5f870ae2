#pragma once

#include "latencies.hpp"
#include "outcome.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <vector>

namespace soak {

/// A POST that was sent, and what came of it.
struct PostSent {
    std::uint64_t number;
    Outcome outcome;
};

/// The client's side of a run.
struct Tally {
    std::uint64_t sent = 0;
    std::array<std::uint64_t, Outcome::count> outcomes{};
    std::uint64_t foreignReplies = 0; ///< That bear another request's number.
    Latencies latencies;              ///< Of replies.
    std::vector<PostSent> posts;

    void add(Tally const& other) {
        sent += other.sent;
        std::transform(outcomes.begin(), outcomes.end(), other.outcomes.begin(), outcomes.begin(), std::plus<>());
        foreignReplies += other.foreignReplies;
        latencies.add(other.latencies);
        posts.insert(posts.end(), other.posts.begin(), other.posts.end());
    }
};

} // namespace soak
