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
constexpr std::array<std::string_view, 3> loginErrors{"LoginThrottled", "LoginUnavailable", "LoginUnreachable"};
constexpr std::array<std::string_view, 5> losses{"cut", "reset", "reply-lost", "reply-cut-short", "connection-dropped"};

template <class Names>
bool isOneOf(Names const& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

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

/// All threads may wait for the same login.
std::uint64_t waitersOfSpoiledLogins(Run const& run) {
    return sumOf(run.server.loginFaults) * static_cast<std::uint64_t>(run.settings.threads);
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

std::uint64_t sumOf(std::map<std::string, std::uint64_t> const& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0},
                           [](std::uint64_t sum, auto const& count) { return sum + count.second; });
}

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

Complaints lostReplies(Run const& run) {
    Complaints complaints;
    for (std::size_t i = 0; i < run.client.outcomes.size(); ++i) {
        auto const outcome = Outcome::at(i);
        auto const arrived = run.client.outcomes.at(i);
        if (!outcome.isReply()) {
            continue;
        }
        auto const sent = countOf(run.server.replies, outcome.status());
        bool const fits = outcome.status() == 401 ? arrived <= waitersOfSpoiledLogins(run) : arrived == sent;
        if (!fits) {
            complain(complaints, "the server sent " + std::to_string(sent) + " replies of status " +
                                     std::to_string(outcome.status()) + ", " + std::to_string(arrived) + " arrived");
        }
    }
    return complaints;
}

Complaints unexplainedErrors(Run const& run) {
    Complaints complaints;
    std::uint64_t lost = 0;
    std::uint64_t withoutLogin = 0;
    for (std::size_t i = 0; i < run.client.outcomes.size(); ++i) {
        auto const outcome = Outcome::at(i);
        auto const count = run.client.outcomes.at(i);
        if (outcome.isReply() || count == 0) {
            continue;
        }
        if (isOneOf(lossErrors, outcome.text())) {
            lost += count;
        } else if (isOneOf(loginErrors, outcome.text())) {
            withoutLogin += count;
        } else {
            complain(complaints, std::to_string(count) + " calls ended as " + outcome.text());
        }
    }
    std::uint64_t spoiled = run.server.resets;
    for (auto const name : losses) {
        spoiled += countOf(run.server.faults, std::string(name));
    }
    if (lost > spoiled) {
        complain(complaints, std::to_string(lost) + " calls lost their connection, though only " +
                                 std::to_string(spoiled) + " were spoiled");
    }
    if (withoutLogin > waitersOfSpoiledLogins(run)) {
        complain(complaints, std::to_string(withoutLogin) + " calls were not logged in, though only " +
                                 std::to_string(sumOf(run.server.loginFaults)) + " logins were spoiled");
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
