#include "scripted_source.hpp"

#include <httptest/error.hpp>
#include <httptest/testing/fake_clock.hpp>
#include <httptest/testing/scripted_transport.hpp>
#include <httptest/token_cache.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <latch>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using namespace httptest;
using httptest::testing::FakeClock;
using httptest::testing::ScriptedSource;
using httptest::testing::ScriptedTransport;
using httptest::testing::SourceScript;

namespace {

constexpr std::size_t manyThreads = 32;

/// Runs `body(i)` in many threads that start together, and joins them. Checks belong behind it: Boost.Test's are not
/// for several threads at once.
class Crowd {
public:
    Crowd(std::size_t size, std::function<void(std::size_t)> const& body) : start_(static_cast<std::ptrdiff_t>(size)) {
        for (std::size_t i = 0; i < size; ++i) {
            threads_.emplace_back([this, i, body] {
                start_.arrive_and_wait();
                body(i);
            });
        }
    }

    void join() { threads_.clear(); }

private:
    std::latch start_;
    std::vector<std::jthread> threads_;
};

struct ThreadsFixture {
    std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
    std::shared_ptr<SourceScript> source = std::make_shared<SourceScript>();
    std::unique_ptr<TokenCache> cache = make();

    std::unique_ptr<TokenCache> make() {
        TokenCache::Parts parts;
        parts.source = std::make_unique<ScriptedSource>(source);
        parts.transport = std::make_shared<ScriptedTransport>(clock);
        parts.clock = clock;
        parts.identity = "ci";
        return std::make_unique<TokenCache>(std::move(parts));
    }

    std::shared_ptr<AccessToken const> acquire(std::chrono::nanoseconds patience = 50ms) {
        return cache->acquire(clock->steady() + patience, {});
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(token_cache_threads, ThreadsFixture)

// A fault of all Run:ai clients: each for itself, without a shared cache or a single flight.
BOOST_AUTO_TEST_CASE(all_clients_fault_threads_on_an_empty_cache_share_one_login) {
    source->hold();
    std::vector<std::shared_ptr<AccessToken const>> tokens(manyThreads);
    Crowd crowd(manyThreads, [&](std::size_t i) { tokens[i] = acquire(10min); });
    clock->waitForSleepers(manyThreads + 1);
    source->release();
    crowd.join();
    BOOST_TEST(source->calls() == 1U);
    for (auto const& token : tokens) {
        BOOST_TEST((token == tokens.front()));
    }
    AuthCounters const counters = cache->describe().counters;
    BOOST_TEST(counters.waits == manyThreads);
    BOOST_TEST(counters.logins == 1U);
}

BOOST_AUTO_TEST_CASE(threads_on_an_expired_token_share_one_login) {
    acquire();
    clock->advance(1h);
    source->hold();
    std::vector<std::shared_ptr<AccessToken const>> tokens(manyThreads);
    Crowd crowd(manyThreads, [&](std::size_t i) { tokens[i] = acquire(10min); });
    clock->waitForSleepers(manyThreads + 1);
    source->release();
    crowd.join();
    BOOST_TEST(source->calls() == 2U);
    for (auto const& token : tokens) {
        BOOST_TEST(token->authorization == "Bearer token-2");
    }
}

BOOST_AUTO_TEST_CASE(a_shared_failure_is_an_exception_of_its_own_for_each) {
    source->hold();
    source->fail<CredentialsRejected>("invalid_client");
    std::vector<std::exception_ptr> thrown(manyThreads);
    Crowd crowd(manyThreads, [&](std::size_t i) {
        try {
            acquire(10min);
        } catch (CredentialsRejected const&) {
            thrown[i] = std::current_exception();
        }
    });
    clock->waitForSleepers(manyThreads + 1);
    source->release();
    crowd.join();
    BOOST_TEST(source->calls() == 1U);
    std::set<void const*> objects;
    for (std::exception_ptr const& exception : thrown) {
        BOOST_REQUIRE(exception != nullptr);
        try {
            std::rethrow_exception(exception);
        } catch (CredentialsRejected const& error) {
            BOOST_TEST(std::string(error.what()) == "invalid_client");
            objects.insert(&error);
        }
    }
    BOOST_TEST(objects.size() == manyThreads);
}

BOOST_AUTO_TEST_CASE(ten_threads_refused_at_once_make_one_login) {
    std::string const fingerprint = acquire()->fingerprint;
    clock->advance(10s);
    std::atomic<int> replays = 0;
    std::vector<std::shared_ptr<AccessToken const>> tokens(10);
    Crowd crowd(10, [&](std::size_t i) {
        replays += cache->refused(fingerprint).replay ? 1 : 0;
        tokens[i] = acquire();
    });
    crowd.join();
    BOOST_TEST(replays == 10);
    BOOST_TEST(source->calls() == 2U);
    for (auto const& token : tokens) {
        BOOST_TEST(token->authorization == "Bearer token-2");
    }
}

// A fault of the Run:ai Python client: while one thread refreshes, the others send the old token.
BOOST_AUTO_TEST_CASE(runapy_fault_nobody_sends_the_old_token_while_it_is_being_replaced) {
    std::string const fingerprint = acquire()->fingerprint;
    clock->advance(10s);
    source->hold();
    BOOST_TEST(cache->refused(fingerprint).replay);
    std::vector<std::shared_ptr<AccessToken const>> tokens(manyThreads);
    Crowd crowd(manyThreads, [&](std::size_t i) { tokens[i] = acquire(10min); });
    clock->waitForSleepers(manyThreads + 1);
    source->release();
    crowd.join();
    for (auto const& token : tokens) {
        BOOST_TEST(token->authorization == "Bearer token-2");
    }
}

BOOST_AUTO_TEST_CASE(callers_that_give_up_change_nothing_for_those_who_stay) {
    source->hold();
    std::atomic<int> timedOut = 0;
    std::atomic<int> cancelled = 0;
    std::atomic<int> served = 0;
    std::stop_source stop;
    Crowd crowd(30, [&](std::size_t i) {
        try {
            cache->acquire(clock->steady() + (i % 3 == 0 ? 1s : 20s),
                           i % 3 == 1 ? stop.get_token() : std::stop_token());
            ++served;
        } catch (LoginTimedOut const&) {
            ++timedOut;
        } catch (Cancelled const&) {
            ++cancelled;
        }
    });
    clock->waitForSleepers(31);
    stop.request_stop();
    clock->advance(2s);
    while (timedOut + cancelled < 20) {
        std::this_thread::yield();
    }
    source->release();
    crowd.join();
    BOOST_TEST(timedOut == 10);
    BOOST_TEST(cancelled == 10);
    BOOST_TEST(served == 10);
    BOOST_TEST(source->calls() == 1U);
}

BOOST_AUTO_TEST_CASE(everything_at_once_makes_one_login_at_a_time_and_sends_no_dead_token) {
    constexpr std::size_t users = 8;
    source->otherwise([n = 0](LoginContext const&) mutable {
        ++n;
        if (n % 5 == 0) {
            throw LoginThrottled("HTTP 429", RetryAfter(1s));
        }
        if (n % 7 == 0) {
            throw BadLoginReply("an HTML page answered");
        }
        return SourceScript::make("stress-token-" + std::to_string(n), 10s);
    });
    std::mutex mutex;
    std::set<std::string> dropped;
    std::atomic<int> dead = 0;
    std::atomic<int> resurrected = 0;
    std::atomic<std::size_t> left = users;
    Crowd crowd(users + 1, [&](std::size_t i) {
        if (i == users) {
            while (left > 0) {
                clock->advance(50ms);
                std::this_thread::yield();
            }
            return;
        }
        for (int round = 0; round < 300; ++round) {
            try {
                bool wasDropped = false;
                std::set<std::string> before;
                {
                    std::lock_guard const lock(mutex);
                    before = dropped;
                }
                auto const token = acquire(5s);
                wasDropped = before.contains(token->fingerprint);
                resurrected += wasDropped ? 1 : 0;
                dead += token->expiresAt <= token->obtainedAt ? 1 : 0;
                if (round % 20 == static_cast<int>(i)) {
                    if (cache->refused(token->fingerprint).replay) {
                        std::lock_guard const lock(mutex);
                        dropped.insert(token->fingerprint);
                    }
                }
                if (i == 0 && round % 100 == 99) {
                    cache->reset();
                }
                cache->describe();
            } catch (LoginError const&) {
                std::this_thread::yield();
            }
        }
        --left;
    });
    crowd.join();
    BOOST_TEST(source->mostAtOnce() == 1U);
    BOOST_TEST(resurrected == 0);
    BOOST_TEST(dead == 0);
}

BOOST_AUTO_TEST_CASE(caches_are_made_and_destroyed_beside_logins) {
    Crowd crowd(8, [&](std::size_t) {
        for (int i = 0; i < 20; ++i) {
            std::unique_ptr<TokenCache> const mine = make();
            try {
                mine->acquire(clock->steady(), {});
            } catch (LoginTimedOut const&) {
            }
        }
    });
    crowd.join();
    BOOST_TEST(source->mostAtOnce() <= 8U);
}

BOOST_AUTO_TEST_SUITE_END()
