#include "scripted_source.hpp"
#include "support/contains.hpp"

#include <httptest/error.hpp>
#include <httptest/testing/scripted_transport.hpp>
#include <httptest/testing/temporary_folder.hpp>
#include <httptest/token_cache.hpp>
#include <httptest/token_store.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace httptest;
using httptest::testing::ScriptedSource;
using httptest::testing::ScriptedTransport;
using httptest::testing::SourceScript;
using httptest::testing::TemporaryFolder;

namespace {

/// The machine's clocks, put forward at will.
class ShiftedClock final : public Clock {
public:
    SteadyTime steady() const noexcept override { return machine_->steady() + ahead_.load(); }
    WallTime wall() const noexcept override { return machine_->wall() + ahead_.load(); }
    void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, SteadyTime until) override {
        machine_->wait(lock, changed, until - ahead_.load());
    }
    void advance(std::chrono::nanoseconds by) { ahead_ = ahead_.load() + by; }

private:
    std::shared_ptr<Clock> machine_ = systemClock();
    std::atomic<std::chrono::nanoseconds> ahead_{0ns};
};

/// Caches as different processes would have them: a store of their own each, in one folder.
struct SharedLoginFixture {
    TemporaryFolder folder;
    std::shared_ptr<ShiftedClock> clock = std::make_shared<ShiftedClock>();
    std::string state = (folder.path() / "state").string();

    struct Process {
        std::shared_ptr<SourceScript> source = std::make_shared<SourceScript>();
        std::shared_ptr<TokenStore> store;
        std::unique_ptr<TokenCache> cache;
        std::shared_ptr<Clock> clock;

        std::string acquire(std::chrono::nanoseconds patience = 30s) const {
            return cache->acquire(clock->steady() + patience, {})->authorization;
        }
        AuthCounters counters() const { return cache->describe().counters; }
    };

    /// On another machine's clock: one folder that two of them share.
    Process elsewhere(std::string const& name, std::chrono::nanoseconds ahead) {
        auto const here = std::exchange(clock, std::make_shared<ShiftedClock>());
        clock->advance(ahead);
        Process made = process(name);
        clock = here;
        return made;
    }

    Process process(std::string const& name, std::string const& secret = "a-secret-of-32-characters-or-more") const {
        Process made;
        made.source->share("account", secret);
        made.source->otherwise([name, count = std::make_shared<std::atomic<int>>(0)](LoginContext const&) {
            return SourceScript::make(name + "-" + std::to_string(++*count), 1h);
        });
        made.clock = clock;
        made.store = fileTokenStore(state, clock);
        TokenCache::Parts parts;
        parts.source = std::make_unique<ScriptedSource>(made.source);
        parts.transport = std::make_shared<ScriptedTransport>(systemClock());
        parts.clock = clock;
        parts.store = made.store;
        made.cache = std::make_unique<TokenCache>(std::move(parts));
        return made;
    }
};

/// Credentials that cannot be read when somebody asks what they are shared by.
class UnreadableSource final : public TokenSource {
public:
    Token fetch(LoginContext const&) override { return SourceScript::make("token-1", 1h); }
    std::optional<SharingKey> sharing() const override { throw Misconfigured("the secret's file is gone"); }
    std::string describe() const override { return "'ci'"; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(shared_login, SharedLoginFixture)

BOOST_AUTO_TEST_CASE(the_second_process_takes_the_firsts_token) {
    auto const first = process("first-token");
    auto const second = process("second-token");
    BOOST_TEST(first.acquire() == "Bearer first-token-1");
    BOOST_TEST(second.acquire() == "Bearer first-token-1");
    BOOST_TEST(second.source->calls() == 0U);
    BOOST_TEST(second.counters().storeHits == 1U);
    BOOST_TEST(second.counters().logins == 0U);
    BOOST_TEST(second.cache->describe().lifetimeSource == first.cache->describe().lifetimeSource);
    BOOST_TEST((second.cache->describe().expiresAt == first.cache->describe().expiresAt));
    BOOST_TEST(contains(second.cache->describe().store, state));
}

BOOST_AUTO_TEST_CASE(a_process_that_comes_during_a_login_waits_for_it) {
    auto const first = process("first-token");
    auto const second = process("second-token");
    first.source->hold();
    auto leader = std::async(std::launch::async, [&] { return first.acquire(); });
    first.source->waitForHeld();
    auto follower = std::async(std::launch::async, [&] { return second.acquire(); });
    // It follows once it says so in its time-out.
    std::string text;
    while (!contains(text, "another process's login")) {
        try {
            second.acquire(20ms);
        } catch (LoginTimedOut const& error) {
            text = error.what();
        }
    }
    first.source->release();
    BOOST_TEST(leader.get() == "Bearer first-token-1");
    BOOST_TEST(follower.get() == "Bearer first-token-1");
    BOOST_TEST(second.source->calls() == 0U);
}

BOOST_AUTO_TEST_CASE(another_secret_shares_nothing) {
    auto const first = process("first-token");
    auto const second = process("second-token", "another-secret-of-32-characters-x");
    BOOST_TEST(first.acquire() == "Bearer first-token-1");
    BOOST_TEST(second.acquire() == "Bearer second-token-1");
    BOOST_TEST(second.counters().storeIgnored == 0U);
}

BOOST_AUTO_TEST_CASE(credentials_that_are_not_to_be_shared_are_not) {
    auto const first = process("first-token", "");
    auto const second = process("second-token", "");
    BOOST_TEST(first.acquire() == "Bearer first-token-1");
    BOOST_TEST(second.acquire() == "Bearer second-token-1");
    BOOST_TEST(!std::filesystem::exists(state));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_the_credentials_is_the_logins_to_say) {
    TokenCache::Parts parts;
    parts.source = std::make_unique<UnreadableSource>();
    parts.transport = std::make_shared<ScriptedTransport>(systemClock());
    parts.clock = clock;
    parts.store = fileTokenStore(state, clock);
    TokenCache cache(std::move(parts));
    BOOST_TEST(cache.acquire(clock->steady() + 30s, {})->authorization == "Bearer token-1");
    BOOST_TEST(!std::filesystem::exists(state));
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_not_taken_from_the_store_again) {
    auto const first = process("first-token");
    auto const second = process("second-token");
    auto const third = process("third-token");
    first.acquire();
    second.acquire();
    BOOST_TEST(second.cache->refused(second.cache->describe().fingerprint).replay);
    BOOST_TEST(second.acquire() == "Bearer second-token-1");
    BOOST_TEST(second.source->calls() == 1U);
    BOOST_TEST(third.acquire() == "Bearer second-token-1");
    // The first learns of it by its own 401, which costs no login.
    BOOST_TEST(first.cache->refused(first.cache->describe().fingerprint).replay);
    BOOST_TEST(first.acquire() == "Bearer second-token-1");
    BOOST_TEST(first.source->calls() == 1U);
}

BOOST_AUTO_TEST_CASE(a_rejection_is_shared_for_a_while_and_left_by_a_reset) {
    auto const first = process("first-token");
    auto const second = process("second-token");
    first.source->fail<CredentialsRejected>(std::string("invalid_client, says the server"));
    BOOST_CHECK_THROW(first.acquire(), CredentialsRejected);
    std::string text;
    try {
        second.acquire();
    } catch (CredentialsRejected const& error) {
        text = error.what();
    }
    BOOST_TEST(contains(text, "invalid_client, says the server"));
    BOOST_TEST(contains(text, "another process"));
    BOOST_TEST(second.source->calls() == 0U);
    second.cache->reset();
    BOOST_TEST(second.acquire() == "Bearer second-token-1");
    BOOST_TEST(process("third-token").acquire() == "Bearer second-token-1");
}

BOOST_AUTO_TEST_CASE(a_cooldown_is_shared) {
    auto const first = process("first-token");
    auto const second = process("second-token");
    first.source->fail<LoginThrottled>(std::string("slow down, says the server"), 40s);
    BOOST_CHECK_THROW(first.acquire(10s), LoginThrottled);
    BOOST_CHECK_THROW(second.acquire(10s), LoginThrottled);
    BOOST_TEST(second.source->calls() == 0U);
    BOOST_TEST(second.cache->describe().state == "cooling");
}

BOOST_AUTO_TEST_CASE(a_processs_own_trouble_is_not_shared) {
    auto const first = process("first-token");
    auto const second = process("second-token");
    first.source->fail<TlsError>(Phase::tls, std::string("unknown CA"));
    BOOST_CHECK_THROW(first.acquire(), TlsError);
    BOOST_TEST(second.acquire() == "Bearer second-token-1");
}

BOOST_AUTO_TEST_CASE(a_refresh_ahead_is_led_by_one_and_its_token_reaches_the_others) {
    auto const first = process("first-token");
    auto const second = process("second-token");
    first.source->then([](LoginContext const&) { return SourceScript::make("a-token-that-ends-soon", 100s); });
    BOOST_TEST(first.acquire() == "Bearer a-token-that-ends-soon");
    BOOST_TEST(second.acquire() == "Bearer a-token-that-ends-soon");
    clock->advance(85s);
    BOOST_TEST(first.cache->describe().state == "stale");
    first.source->hold();
    BOOST_TEST(first.acquire() == "Bearer a-token-that-ends-soon"); // and begins a login ahead
    first.source->waitForHeld();
    BOOST_TEST(second.acquire(0s) == "Bearer a-token-that-ends-soon"); // nobody waits
    first.source->release();
    while (second.counters().storeHits < 2) {
        std::this_thread::sleep_for(1ms);
    }
    BOOST_TEST(second.acquire() == "Bearer first-token-1");
    BOOST_TEST(second.source->calls() == 0U);
}

BOOST_AUTO_TEST_CASE(a_failed_refresh_leaves_the_token_for_those_who_come) {
    auto const first = process("first-token");
    first.source->then([](LoginContext const&) { return SourceScript::make("a-token-that-ends-soon", 100s); });
    first.source->fail<LoginThrottled>(std::string("slow down"), 40s);
    first.acquire();
    clock->advance(85s);
    first.acquire();
    while (first.counters().throttles == 0) {
        std::this_thread::sleep_for(1ms);
    }
    BOOST_TEST(process("second-token").acquire() == "Bearer a-token-that-ends-soon");
}

BOOST_AUTO_TEST_CASE(the_hint_of_a_login_reaches_the_next_one) {
    auto const first = process("first-token");
    first.source->then([](LoginContext const&) {
        Token token = SourceScript::make("first-token-with-a-hint", 1h);
        token.hint = "v1";
        return token;
    });
    first.acquire();
    auto const second = process("second-token");
    second.acquire();
    second.cache->refused(second.cache->describe().fingerprint);
    second.acquire();
    BOOST_TEST(second.source->hints() == (std::vector<std::string>{"v1"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_store_that_fails_is_left_and_the_process_logs_in) {
    folder.write("file", "x");
    state = (folder.path() / "file" / "state").string();
    auto const first = process("first-token");
    BOOST_TEST(first.acquire() == "Bearer first-token-1");
    BOOST_TEST(contains(first.cache->describe().store, "given up"));
    BOOST_TEST(first.counters().logins == 1U);
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_counted_and_costs_a_login) {
    process("first-token").acquire();
    for (auto const& entry : std::filesystem::directory_iterator(state + "/tokens")) {
        if (entry.path().string().ends_with(".login")) {
            std::ofstream(entry.path()) << "nonsense";
        }
    }
    auto const second = process("second-token");
    BOOST_TEST(second.acquire() == "Bearer second-token-1");
    BOOST_TEST(second.counters().storeIgnored == 1U);
    BOOST_TEST(process("third-token").acquire() == "Bearer second-token-1");
}

BOOST_AUTO_TEST_CASE(destruction_does_not_wait_for_another_process) {
    auto const first = process("first-token");
    first.source->hold();
    auto leader = std::async(std::launch::async, [&] { return first.acquire(); });
    first.source->waitForHeld();
    {
        auto const second = process("second-token");
        BOOST_CHECK_THROW(second.acquire(50ms), LoginTimedOut);
    }
    first.source->release();
    leader.get();
}

BOOST_AUTO_TEST_CASE(a_login_of_a_clock_that_is_ahead_is_not_used) {
    elsewhere("their-token", 24h).acquire();
    auto const here = process("our-token");
    BOOST_TEST(here.acquire() == "Bearer our-token-1");
}

BOOST_AUTO_TEST_CASE(a_pause_of_a_clock_that_is_ahead_is_not_made) {
    auto const there = elsewhere("their-token", 24h);
    there.source->fail<CredentialsRejected>(std::string("invalid_client"));
    BOOST_CHECK_THROW(there.acquire(), CredentialsRejected);
    auto const here = process("our-token");
    BOOST_TEST(here.acquire() == "Bearer our-token-1");
}

BOOST_AUTO_TEST_CASE(a_login_of_a_clock_that_is_behind_has_ended) {
    elsewhere("their-token", -24h).acquire();
    auto const here = process("our-token");
    BOOST_TEST(here.acquire() == "Bearer our-token-1");
}

BOOST_AUTO_TEST_SUITE_END()
