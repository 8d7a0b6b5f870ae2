// A thousand threads that wait for one login, and how soon the last of them is let go. See README.md.

#include "support/canned_provider.hpp"
#include "support/rounds.hpp"

#include <httptest/poco_transport.hpp>
#include <httptest/token_cache.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <latch>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace {

using namespace httptest;
using namespace httptest::bench;
using namespace std::chrono_literals;

constexpr int waiters = 1000;
constexpr int standardRounds = 15;

/// The machine's clocks, put forward at will, so that a token expires.
class AdvancedClock final : public Clock {
public:
    SteadyTime steady() const noexcept override { return machine_->steady() + ahead_.load(); }
    WallTime wall() const noexcept override { return machine_->wall() + ahead_.load(); }
    void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, SteadyTime until) override {
        ++waiting_;
        machine_->wait(lock, changed, until - ahead_.load());
        --waiting_;
    }
    int waiting() const noexcept { return waiting_; }
    void advance(std::chrono::nanoseconds by) { ahead_ = ahead_.load() + by; }

private:
    std::shared_ptr<Clock> machine_ = systemClock();
    std::atomic<std::chrono::nanoseconds> ahead_{0ns};
    std::atomic<int> waiting_{0};
};

/// A login that lasts until the gate opens.
class GatedSource final : public TokenSource {
public:
    Token fetch(LoginContext const& context) override {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return open_ || context.stop.stop_requested(); });
        open_ = false;
        return {Secret(makeToken() + std::to_string(++logins_)), 1h, {}, {}};
    }
    std::string describe() const override { return "a gated login"; }

    void open() {
        {
            std::lock_guard const lock(mutex_);
            open_ = true;
        }
        changed_.notify_one();
    }

private:
    std::mutex mutex_; // guards open_
    std::condition_variable changed_;
    bool open_ = false;
    int logins_ = 0;
};

/// Starts the threads, lets `allWait` say when they wait, calls `release`; returns the time until the last has returned.
double timeToRelease(std::function<void()> const& wait, std::function<bool()> const& allWait,
                     std::function<void()> const& release) {
    std::latch returned(waiters);
    std::vector<std::jthread> threads;
    for (int i = 0; i < waiters; ++i) {
        threads.emplace_back([&] {
            wait();
            returned.count_down();
        });
    }
    while (!allWait()) std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(5ms); // the last one has counted itself and is about to block
    auto const began = std::chrono::steady_clock::now();
    release();
    returned.wait();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
}

class Ours {
public:
    Ours() : clock_(std::make_shared<AdvancedClock>()) {
        auto source = std::make_unique<GatedSource>();
        source_ = source.get();
        cache_.emplace(TokenCache::Parts{
            std::move(source), std::make_shared<PocoTransport>(), clock_, TokenPolicy{}, {}, "canned", "default"});
        source_->open();
        cache_->acquire(clock_->steady() + 20s, {});
    }

    double round() {
        clock_->advance(2h);
        return timeToRelease([&] { cache_->acquire(clock_->steady() + 20s, {}); },
                             [&] { return clock_->waiting() == waiters; }, [&] { source_->open(); });
    }

    std::uint64_t logins() const { return cache_->describe().counters.logins; }

private:
    std::shared_ptr<AdvancedClock> clock_;
    GatedSource* source_ = nullptr; // the cache's
    std::optional<TokenCache> cache_;
};

double bareConditionVariable() {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    int waiting = 0;
    return timeToRelease(
        [&] {
            std::unique_lock lock(mutex);
            ++waiting;
            changed.wait(lock, [&] { return open; });
        },
        [&] {
            std::lock_guard const lock(mutex);
            return waiting == waiters;
        },
        [&] {
            std::lock_guard const lock(mutex);
            open = true;
            changed.notify_all();
        });
}

} // namespace

/// bench_waiters [rounds]
int main(int argc, char** argv) {
    int const rounds = argc > 1 ? std::atoi(argv[1]) : standardRounds;
    Ours ours;
    std::vector<double> oursTimes;
    std::vector<double> bareTimes;
    std::vector<double> ratios;
    for (int round = 0; round < rounds; ++round) {
        oursTimes.push_back(ours.round());
        bareTimes.push_back(bareConditionVariable());
        ratios.push_back(oursTimes.back() / bareTimes.back());
    }
    std::printf(
        "%d threads on an expired token, %d rounds: ms from the login's end to the last thread's return\n"
        "  token cache               %8.2f\n  bare condition variable   %8.2f\n  ratio of a round          %8.2f\n"
        "  logins in a round         %8.2f\n",
        waiters, rounds, medianOf(oursTimes), medianOf(bareTimes), medianOf(ratios),
        static_cast<double>(ours.logins() - 1) / rounds);
    return EXIT_SUCCESS;
}
