#include "worker.hpp"

#include "server_record.hpp"

#include <httptest/exchange.hpp>

#include <nlohmann/json.hpp>

#include <exception>
#include <utility>

namespace soak {

namespace {

constexpr std::size_t mostProjects = 8;
constexpr std::uint64_t smallBody = 2'000;
constexpr std::uint64_t largeBody = 200'000; // more than a socket takes at once
/// The upper half of a call's number tells the worker.
constexpr int workerShift = 32;

} // namespace

Worker::Worker(Task task, Pause& pause)
    : task_(std::move(task)),
      pause_(pause),
      random_(task_.seed + task_.index),
      number_(task_.index << workerShift) {
    tally_.posts.reserve(task_.likelyPosts);
    projects_.reserve(mostProjects);
}

void Worker::runUntil(std::chrono::steady_clock::time_point end) {
    while (std::chrono::steady_clock::now() < end) {
        Pause::Work const work(pause_);
        call();
    }
}

Worker::Verb Worker::drawVerb() {
    auto const lot = draw(99);
    if (lot < 40) {
        return Verb::listClusters;
    }
    if (lot < 50) {
        return Verb::listProjects;
    }
    if (projects_.empty() || (lot < 70 && projects_.size() < mostProjects)) {
        return Verb::create;
    }
    if (lot < 75) {
        return Verb::read;
    }
    return lot < 85 ? Verb::change : Verb::remove;
}

std::string Worker::drawBody(std::string const& name) {
    auto const size = draw(draw(49) == 0 ? largeBody : smallBody);
    return nlohmann::json{{"name", name},
                          {"clusterId", task_.clusterId},
                          {"description", std::string(size, 'x')},
                          {"resources", nlohmann::json::array()}}
        .dump();
}

httptest::Session const& Worker::drawSession() {
    return task_.sessions[draw(task_.sessions.size() - 1)];
}

httptest::RequestBuilder Worker::requestFor(Verb verb) {
    auto const& session = drawSession();
    std::string const collection = "/api/v1/org-unit/projects";
    std::string const item = collection + "/{id}";
    switch (verb) {
    case Verb::listClusters: break;
    case Verb::listProjects: return session.get(collection).query("limit", 20);
    case Verb::create:
        return session.post(collection).body(drawBody("soak-" + std::to_string(number_)), "application/json");
    case Verb::read: return session.get(item).path("id", projects_.back());
    case Verb::change: return session.put(item).path("id", projects_.back()).body(drawBody(""), "application/json");
    case Verb::remove: return session.del(item).path("id", projects_.back());
    }
    return session.get("/api/v1/clusters");
}

void Worker::call() {
    ++number_;
    auto const verb = drawVerb();
    auto const request = requestFor(verb).header(numberHeader, std::to_string(number_));
    ++tally_.sent;
    auto const outcome = outcomeOf(request, verb);
    ++tally_.outcomes.at(outcome.index());
    if (verb == Verb::create) {
        tally_.posts.push_back({number_, outcome});
    }
}

Outcome Worker::outcomeOf(httptest::RequestBuilder const& request, Verb verb) {
    try {
        auto const began = std::chrono::steady_clock::now();
        auto const reply = request.send();
        tally_.latencies.add(std::chrono::steady_clock::now() - began);
        auto const* const number = reply.headers().find(numberHeader);
        tally_.foreignReplies += number == nullptr || *number != std::to_string(number_) ? 1 : 0;
        learn(verb, reply.status(), reply.body());
        return Outcome::reply(reply.status());
    } catch (std::exception const& error) {
        return Outcome::of(error);
    }
}

void Worker::learn(Verb verb, int status, std::string const& body) {
    if (verb == Verb::create && status == 201) {
        projects_.push_back(nlohmann::json::parse(body).at("id").get<std::string>());
    } else if (verb == Verb::remove && (status == 204 || status == 404)) {
        projects_.pop_back();
    }
}

} // namespace soak
