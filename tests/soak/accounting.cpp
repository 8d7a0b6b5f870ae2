#include "accounting.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>

namespace soak {

namespace {

constexpr std::size_t most = 10;
constexpr std::array<std::string_view, 2> lossErrors{"ConnectionLost", "BadReply"};
constexpr std::array<std::string_view, 5> losses{"cut", "reset", "reply-lost", "reply-cut-short", "connection-dropped"};

template <class Map, class Key>
std::uint64_t countOf(Map const& counts, Key const& key) {
    auto const found = counts.find(key);
    return found == counts.end() ? 0 : found->second;
}

void complain(Complaints& complaints, std::string complaint) {
    if (complaints.size() < most) {
        complaints.push_back(std::move(complaint));
    }
}

std::string numberOf(PostSent const& post) {
    return "POST " + std::to_string(post.number) + " (" +
           (post.outcome.isReply() ? std::to_string(post.outcome.status()) : post.outcome.text()) + ")";
}

/// Answered by the fault relay itself, in place of the control plane.
bool isInjected(Outcome outcome) {
    return outcome.isReply() && (outcome.status() == 500 || outcome.status() == 503);
}

} // namespace

Complaints lostCalls(Tally const& client) {
    Complaints complaints;
    auto const ended = std::accumulate(client.outcomes.begin(), client.outcomes.end(), std::uint64_t{0});
    if (ended != client.sent) {
        complain(complaints, std::to_string(client.sent) + " calls were sent, " + std::to_string(ended) + " ended");
    }
    if (client.foreignReplies != 0) {
        complain(complaints, std::to_string(client.foreignReplies) + " calls got the reply to another");
    }
    for (std::size_t i = 0; i < client.outcomes.size(); ++i) {
        if (client.outcomes.at(i) != 0 && Outcome::at(i).isUntyped()) {
            complain(complaints, std::to_string(client.outcomes.at(i)) + " calls ended as " + Outcome::at(i).text());
        }
    }
    return complaints;
}

Complaints lostReplies(Tally const& client, ServerRecord const& server) {
    Complaints complaints;
    for (std::size_t i = 0; i < client.outcomes.size(); ++i) {
        auto const outcome = Outcome::at(i);
        if (!outcome.isReply()) {
            continue;
        }
        auto const sent = outcome.status() == 401 ? 0 : countOf(server.replies, outcome.status());
        if (client.outcomes.at(i) != sent) {
            complain(complaints, "of status " + std::to_string(outcome.status()) + ' ' + std::to_string(sent) +
                                     " replies should have arrived, " + std::to_string(client.outcomes.at(i)) + " did");
        }
    }
    return complaints;
}

Complaints unexplainedErrors(Tally const& client, ServerRecord const& server) {
    Complaints complaints;
    std::uint64_t errors = 0;
    for (std::size_t i = 0; i < client.outcomes.size(); ++i) {
        auto const outcome = Outcome::at(i);
        if (outcome.isReply() || client.outcomes.at(i) == 0) {
            continue;
        }
        errors += client.outcomes.at(i);
        if (std::find(lossErrors.begin(), lossErrors.end(), outcome.text()) == lossErrors.end()) {
            complain(complaints, std::to_string(client.outcomes.at(i)) + " calls ended as " + outcome.text());
        }
    }
    std::uint64_t spoiled = server.resets;
    for (auto const name : losses) {
        spoiled += countOf(server.faults, std::string(name));
    }
    if (errors > spoiled) {
        complain(complaints, std::to_string(errors) + " calls ended as errors, though only " + std::to_string(spoiled) +
                                 " connections were spoiled");
    }
    return complaints;
}

Complaints repeatedPosts(std::vector<PostSent> const& sent, std::unordered_map<std::uint64_t, PostSeen> const& seen) {
    Complaints complaints;
    std::size_t known = 0;
    for (auto const& post : sent) {
        auto const found = seen.find(post.number);
        auto const server = found == seen.end() ? PostSeen{} : found->second;
        known += found == seen.end() ? 0 : 1;
        bool const answered = post.outcome.isReply() && post.outcome.status() != 401;
        std::uint64_t const least = answered && !isInjected(post.outcome) ? 1 : 0;
        if (server.carriedOut > 1 || server.carriedOut < least) {
            complain(complaints, numberOf(post) + " was carried out " + std::to_string(server.carriedOut) + " times");
        }
        if (server.arrivals > server.refused + 1) {
            complain(complaints, numberOf(post) + " was sent " + std::to_string(server.arrivals) + " times, with " +
                                     std::to_string(server.refused) + " answers of 401");
        }
    }
    if (known != seen.size()) {
        complain(complaints, "the server saw " + std::to_string(seen.size() - known) + " POSTs that nobody sent");
    }
    return complaints;
}

std::uint64_t idealLogins(Settings const& settings, double seconds, std::uint64_t revocations) {
    auto const lifetime = static_cast<double>(settings.tokenLifetime.count());
    double const margin = std::max(1.0, lifetime / 10);
    double const window = lifetime / 5;
    auto const refreshes = static_cast<std::uint64_t>(std::floor(seconds / (lifetime - margin - window)));
    return static_cast<std::uint64_t>(settings.identities) * (1 + refreshes) + revocations;
}

} // namespace soak
