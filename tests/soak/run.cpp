#include "run.hpp"

#include "pause.hpp"
#include "process_state.hpp"
#include "server_process.hpp"
#include "worker.hpp"

#include <httptest/clock.hpp>
#include <httptest/configuration.hpp>
#include <httptest/harness.hpp>
#include <httptest/redactor.hpp>
#include <httptest/request.hpp>

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <thread>

namespace soak {

namespace {

using std::chrono::steady_clock;

/// Of a thread. More than any has sent so far.
constexpr std::size_t likelyPostsASecond = 1'000;

ProcessCounts processCounts() {
    return {openDescriptors(), livingThreads()};
}

/// Has the redactor remember tokens like the session's: so many that what malloc had at hand makes no difference.
std::size_t bytesPerToken(httptest::Session const& session) {
    httptest::Request request;
    request.url = session.url("/api/v1/clusters");
    session.authorize(request);
    std::string token = request.headers.find("Authorization")->substr(std::string_view("Bearer ").size());
    constexpr std::size_t tokens = 1'000;
    auto const forgetAt = httptest::BootClock::now() + std::chrono::hours(1);
    auto const before = liveHeap();
    for (std::size_t i = 0; i < tokens; ++i) {
        auto const ending = std::to_string(tokens + i);
        token.replace(token.size() - ending.size(), ending.size(), ending);
        httptest::keepOutOfOutput(token, forgetAt);
    }
    return (liveHeap() - before) / tokens;
}

class Load {
public:
    Load(Settings const& settings, ServerProcess const& server) : settings_(settings) {
        auto const& accounts = server.accounts();
        httptest::HarnessOptions options;
        options.configuration = httptest::Configuration()
                                    .set("runai.base_url", server.url())
                                    .set("runai.client_id", accounts.front().id)
                                    .set("runai.client_secret", std::string(accounts.front().secret.reveal()));
        harness_.emplace(std::move(options));
        std::vector<httptest::Session> sessions{harness_->session()};
        for (auto account = std::next(accounts.begin()); account != accounts.end(); ++account) {
            sessions.push_back(harness_->identity(account->id, {account->id, account->secret.clone()}));
        }
        auto const likelyPosts = static_cast<std::size_t>(settings.duration.count()) * likelyPostsASecond;
        for (int i = 0; i < settings.threads; ++i) {
            workers_.emplace_back(Worker::Task{.index = static_cast<std::uint64_t>(i),
                                               .seed = settings.seed,
                                               .sessions = sessions,
                                               .clusterId = server.clusterId(),
                                               .likelyPosts = likelyPosts},
                                  pause_);
        }
        samples_.reserve(static_cast<std::size_t>(settings.duration.count()) + 1);
    }

    void run() {
        auto const end = began_ + settings_.duration;
        {
            std::vector<std::jthread> threads;
            for (auto& worker : workers_) {
                threads.emplace_back([&worker, end] { worker.runUntil(end); });
            }
            for (auto next = began_ + std::chrono::seconds(1); next < end; next += std::chrono::seconds(1)) {
                std::this_thread::sleep_until(next);
                samples_.push_back(pause_.during([&] { return sample(); }));
            }
        }
        seconds_ = std::chrono::duration<double>(steady_clock::now() - began_).count();
    }

    void report(Run& run) const {
        run.seconds = seconds_;
        run.samples = samples_;
        run.bytesPerToken = bytesPerToken(harness_->session()); // last, as these are remembered too
        for (auto const& worker : workers_) {
            run.client.add(worker.tally());
        }
    }

private:
    Sample sample() const {
        return {std::chrono::duration<double>(steady_clock::now() - began_).count(), liveHeap(),
                sum(&httptest::AuthCounters::logins), sum(&httptest::AuthCounters::waits), processCounts()};
    }

    /// Over all identities.
    std::uint64_t sum(std::uint64_t httptest::AuthCounters::*counter) const {
        std::uint64_t all = 0;
        for (auto const& name : harness_->identities()) {
            all += harness_->auth(name).counters.*counter;
        }
        return all;
    }

    steady_clock::time_point const began_ = steady_clock::now();
    Settings settings_;
    std::optional<httptest::Harness> harness_;
    Pause pause_;
    std::deque<Worker> workers_; // they do not move
    std::vector<Sample> samples_;
    double seconds_ = 0;
};

std::uint64_t loginsUntil(std::vector<Sample> const& samples, double at) {
    auto const next = std::upper_bound(samples.begin(), samples.end(), at,
                                       [](double time, Sample const& sample) { return time < sample.at; });
    return next == samples.begin() ? 0 : std::prev(next)->logins;
}

} // namespace

Run runSoak(Settings const& settings) {
    Run run;
    run.settings = settings;
    ServerProcess server(settings);
    std::jthread([] {}).join(); // with the first thread begins ThreadSanitizer's own
    run.before = processCounts();
    {
        Load load(settings, server);
        load.run();
        load.report(run);
    }
    run.after = processCounts();
    run.server = server.stop();
    return run;
}

std::uint64_t waitsAfterTheStart(Run const& run) {
    return run.samples.empty() ? 0 : run.samples.back().waits - run.samples.front().waits;
}

std::vector<Point> steadyHeap(Run const& run) {
    double const remembered = 600 + static_cast<double>(run.settings.tokenLifetime.count());
    double const warm = std::min(60.0, run.seconds / 3);
    std::vector<Point> points;
    for (auto const& sample : run.samples) {
        if (sample.at >= warm) {
            auto const tokens = sample.logins - loginsUntil(run.samples, sample.at - remembered);
            points.push_back({sample.at, static_cast<double>(sample.heap) -
                                             static_cast<double>(tokens) * static_cast<double>(run.bytesPerToken)});
        }
    }
    return points;
}

} // namespace soak
