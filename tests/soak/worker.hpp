#pragma once

#include "pause.hpp"
#include "tally.hpp"

#include <httptest/request_builder.hpp>
#include <httptest/session.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace soak {

/// One thread of the load: makes, reads, changes and deletes projects, each call as an identity drawn at random.
class Worker {
public:
    struct Task {
        std::uint64_t index;
        std::uint64_t seed;
        std::vector<httptest::Session> sessions;
        std::string clusterId;
        std::size_t likelyPosts; ///< Room is made for them at the start: the heap is watched afterwards.
    };

    Worker(Task task, Pause& pause);

    void runUntil(std::chrono::steady_clock::time_point end);

    Tally const& tally() const noexcept { return tally_; }

private:
    enum class Verb { listClusters, listProjects, create, read, change, remove };

    Verb drawVerb();
    std::string drawBody(std::string const& name);
    httptest::Session const& drawSession();
    std::uint64_t draw(std::uint64_t most) { return std::uniform_int_distribution<std::uint64_t>(0, most)(random_); }

    void call();
    httptest::RequestBuilder requestFor(Verb verb);
    Outcome outcomeOf(httptest::RequestBuilder const& request, Verb verb);
    /// What the next calls can work with.
    void learn(Verb verb, int status, std::string const& body);

    Task task_;
    Pause& pause_;
    std::mt19937_64 random_;
    std::uint64_t number_;
    std::vector<std::string> projects_; // of its own making
    Tally tally_;
};

} // namespace soak
