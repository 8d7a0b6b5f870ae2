#include "scripted_source.hpp"
#include "support/contains.hpp"

#include <httptest/bearer_auth_provider.hpp>
#include <httptest/error.hpp>
#include <httptest/testing/fake_clock.hpp>
#include <httptest/testing/scripted_transport.hpp>
#include <httptest/token_cache.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace httptest;
using httptest::testing::FakeClock;
using httptest::testing::ScriptedSource;
using httptest::testing::ScriptedTransport;
using httptest::testing::SourceScript;

namespace {

using TokenPointer = std::shared_ptr<AccessToken const>;
using Texts = std::vector<std::string>;

Token withRefreshToken(std::string const& text, std::string const& refreshToken) {
    Token token = SourceScript::make(text, 100s);
    token.refreshToken = Secret(refreshToken);
    return token;
}

class RecordedEvents {
public:
    AuthEventSink sink() {
        return [this](AuthEvent const& event) {
            std::lock_guard const lock(mutex_);
            events_.push_back(event);
        };
    }

    std::vector<AuthEvent> all() const {
        std::lock_guard const lock(mutex_);
        return events_;
    }

    std::vector<AuthEvent::Kind> kinds() const {
        std::vector<AuthEvent::Kind> kinds;
        for (AuthEvent const& event : all()) {
            kinds.push_back(event.kind);
        }
        return kinds;
    }

    std::string lastText(AuthEvent::Kind kind) const {
        std::string text;
        for (AuthEvent const& event : all()) {
            text = event.kind == kind ? event.text : text;
        }
        return text;
    }

private:
    mutable std::mutex mutex_; // guards events_
    std::vector<AuthEvent> events_;
};

struct CacheFixture {
    std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
    std::shared_ptr<SourceScript> source = std::make_shared<SourceScript>();
    RecordedEvents events;
    std::optional<TokenCache> cache;

    CacheFixture() { make(); }

    TokenCache::Parts parts(TokenPolicy policy = {}) {
        TokenCache::Parts parts;
        parts.source = std::make_unique<ScriptedSource>(source);
        parts.transport = std::make_shared<ScriptedTransport>(clock);
        parts.clock = clock;
        parts.policy = policy;
        parts.events = events.sink();
        parts.provider = "scripted";
        parts.identity = "ci";
        return parts;
    }

    void make(TokenPolicy policy = {}) { cache.emplace(parts(policy)); }

    /// Most callers cannot wait for a pause to end: it would never end on a clock that stands still.
    std::string acquire(std::chrono::nanoseconds patience = 50ms) {
        return std::string(cache->acquire(clock->steady() + patience, {})->authorization);
    }

    std::future<TokenPointer> acquireAside(std::chrono::nanoseconds patience, std::stop_token stop = {}) {
        return std::async(std::launch::async, [this, until = clock->steady() + patience, stop = std::move(stop)] {
            return cache->acquire(until, stop);
        });
    }

    std::string fingerprint() const { return cache->describe().fingerprint; }
    AuthCounters counters() const { return cache->describe().counters; }

    template <class Failure>
    std::string failureText(std::chrono::nanoseconds patience = 50ms) {
        try {
            acquire(patience);
        } catch (Failure const& error) {
            return error.what();
        }
        BOOST_FAIL("no error of the expected type");
        return {};
    }

    /// Lets a login that one caller waits for pass so many pauses between its attempts.
    void passPauses(int count) {
        for (int i = 0; i < count; ++i) {
            clock->waitForSleepers(2);
            clock->advance(5s);
        }
    }

    /// Waits for the flight that a stale token has started.
    void waitForLogins(std::uint64_t count) const {
        while (counters().logins < count) {
            std::this_thread::yield();
        }
    }

    void waitForFailures(std::size_t count) const {
        auto const failures = [this] {
            auto const kinds = events.kinds();
            return static_cast<std::size_t>(std::count(kinds.begin(), kinds.end(), AuthEvent::Kind::loginFailed));
        };
        while (failures() < count || cache->describe().lastError.empty()) {
            std::this_thread::yield();
        }
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(token_cache, CacheFixture)

BOOST_AUTO_TEST_CASE(the_first_request_logs_in_and_the_others_reuse_the_token) {
    BOOST_TEST(acquire() == "Bearer token-1");
    BOOST_TEST(acquire() == "Bearer token-1");
    BOOST_TEST(source->calls() == 1U);
    BOOST_TEST(counters().waits == 1U);
}

BOOST_AUTO_TEST_CASE(an_expired_token_is_replaced_before_it_is_used) {
    source->token("a", 100s).token("b", 100s);
    BOOST_TEST(acquire() == "Bearer a");
    clock->advance(95s);
    BOOST_TEST(acquire() == "Bearer b");
    BOOST_TEST(source->calls() == 2U);
}

BOOST_AUTO_TEST_CASE(a_suspended_machine_wakes_with_a_dead_token_and_knows_it) {
    source->token("a", 1h).token("b", 1h);
    acquire();
    clock->advanceSteady(8h);
    BOOST_TEST(acquire() == "Bearer b");
}

BOOST_AUTO_TEST_CASE(a_wall_clock_that_jumps_a_day_changes_nothing) {
    acquire();
    clock->setWall(clock->wall() + 24h);
    BOOST_TEST(acquire() == "Bearer token-1");
    clock->setWall(clock->wall() - 48h);
    BOOST_TEST(acquire() == "Bearer token-1");
    clock->advance(30min);
    BOOST_TEST(acquire() == "Bearer token-1");
    clock->advance(30min);
    BOOST_TEST(acquire() == "Bearer token-2");
    BOOST_TEST(source->calls() == 2U);
}

BOOST_AUTO_TEST_CASE(a_server_ten_minutes_ahead_or_behind_causes_no_login_loop) {
    for (auto const skew : {-10min, 10min}) {
        source = std::make_shared<SourceScript>();
        source->otherwise([this, skew](LoginContext const&) {
            Token token = SourceScript::make("skewed", 5min);
            token.serverTime = clock->wall() + skew;
            return token;
        });
        make();
        for (int i = 0; i < 200; ++i) {
            acquire();
            clock->advance(1s);
        }
        BOOST_TEST(source->calls() == 1U);
        BOOST_TEST((cache->describe().clockSkew == skew));
        BOOST_TEST(contains(events.lastText(AuthEvent::Kind::loginSucceeded), "the server's clock differs by"));
    }
}

BOOST_AUTO_TEST_CASE(a_skew_of_five_seconds_is_not_worth_a_word) {
    source->then([this](LoginContext const&) {
        Token token = SourceScript::make("skewed", 5min);
        token.serverTime = clock->wall() + 5s;
        return token;
    });
    acquire();
    BOOST_TEST(!contains(events.lastText(AuthEvent::Kind::loginSucceeded), "clock"));
}

BOOST_AUTO_TEST_CASE(in_the_window_nobody_waits_and_one_login_runs) {
    acquire();
    clock->advance(1h - 10s);
    source->hold();
    for (int i = 0; i < 10; ++i) {
        BOOST_TEST(acquire(0s) == "Bearer token-1");
    }
    source->waitForHeld();
    BOOST_TEST(source->calls() == 2U);
    source->release();
    waitForLogins(2);
    BOOST_TEST(acquire(0s) == "Bearer token-2");
    BOOST_TEST(counters().refreshesAhead == 1U);
    BOOST_TEST(counters().waits == 1U);
}

// A fault of the Run:ai Python client, whose flag "refreshing" stays set after a failed refresh.
BOOST_AUTO_TEST_CASE(runapy_fault_a_failed_refresh_keeps_the_token_and_is_tried_again) {
    acquire();
    clock->advance(1h - 45s);
    source->fail<BadLoginReply>("an HTML page answered");
    BOOST_TEST(acquire(0s) == "Bearer token-1");
    waitForFailures(1);
    BOOST_TEST(cache->describe().state == "stale");
    clock->advance(29s);
    BOOST_TEST(acquire(0s) == "Bearer token-1");
    BOOST_TEST(source->calls() == 2U);
    clock->advance(1s);
    BOOST_TEST(acquire(0s) == "Bearer token-1");
    waitForLogins(2);
    BOOST_TEST(acquire(0s) == "Bearer token-3");
}

// A fault of two benchmark launchers, which fetch a token once.
BOOST_AUTO_TEST_CASE(launcher_fault_a_long_run_always_has_a_valid_token) {
    source->otherwise([n = 0](LoginContext const&) mutable {
        return SourceScript::make("ten-second-token-" + std::to_string(++n), 10s);
    });
    for (int i = 0; i < 600; ++i) {
        acquire();
        AuthStatus const status = cache->describe();
        BOOST_TEST((clock->steady() < *status.expiresAt - 1s));
        clock->advance(100ms);
    }
    BOOST_TEST(source->calls() <= 60s / 7s + 2U);
}

// A fault of a Go controller, whose expiry test is inverted.
BOOST_AUTO_TEST_CASE(go_controller_fault_no_login_while_fresh_and_no_use_once_expired) {
    source->token("a", 100s).token("b", 100s);
    for (int i = 0; i < 70; ++i) {
        BOOST_TEST(acquire() == "Bearer a");
        clock->advance(1s);
    }
    BOOST_TEST(source->calls() == 1U);
    clock->advance(25s);
    BOOST_TEST(acquire() == "Bearer b");
}

BOOST_AUTO_TEST_CASE(a_callers_time_out_says_since_when_which_attempt_and_changes_nothing_for_others) {
    source->hold();
    auto impatient = acquireAside(3s);
    source->waitForHeld();
    auto patient = acquireAside(20s);
    clock->waitForSleepers(3);
    clock->advance(3s);
    BOOST_CHECK_EXCEPTION(impatient.get(), LoginTimedOut, [](LoginTimedOut const& error) {
        std::string const text = error.what();
        BOOST_TEST_MESSAGE(text);
        return contains(text, "after waiting 3.0 s for a login (client_credentials of 'ci' at https://example.test)") &&
               contains(text, "running for 3.0 s, attempt 1 of 4");
    });
    source->release();
    BOOST_TEST(patient.get()->authorization == "Bearer token-1");
    BOOST_TEST(acquire() == "Bearer token-1");
    BOOST_TEST(source->calls() == 1U);
}

BOOST_AUTO_TEST_CASE(a_time_out_in_a_later_attempt_says_what_the_one_before_met) {
    source->fail<LoginUnavailable>("HTTP 503 from the login endpoint");
    auto caller = acquireAside(5s);
    clock->waitForSleepers(2);
    source->hold();
    clock->advance(1s);
    source->waitForHeld();
    clock->waitForSleepers(2);
    clock->advance(4s);
    BOOST_CHECK_EXCEPTION(caller.get(), LoginTimedOut, [](LoginTimedOut const& error) {
        return contains(error.what(), "attempt 2 of 4; the attempt before: HTTP 503 from the login endpoint");
    });
}

BOOST_AUTO_TEST_CASE(a_stop_token_ends_its_callers_wait_only) {
    source->hold();
    std::stop_source stop;
    auto cancelled = acquireAside(20s, stop.get_token());
    source->waitForHeld();
    auto other = acquireAside(20s);
    clock->waitForSleepers(3);
    stop.request_stop();
    BOOST_CHECK_THROW(cancelled.get(), Cancelled);
    source->release();
    BOOST_TEST(other.get()->authorization == "Bearer token-1");
    BOOST_TEST(source->calls() == 1U);
}

BOOST_AUTO_TEST_CASE(a_stop_token_does_not_matter_when_there_is_a_token) {
    acquire();
    std::stop_source stop;
    stop.request_stop();
    BOOST_TEST(cache->acquire(clock->steady(), stop.get_token())->authorization == "Bearer token-1");
}

BOOST_AUTO_TEST_CASE(a_login_goes_on_when_nobody_waits_any_more) {
    source->hold();
    auto caller = acquireAside(1s);
    source->waitForHeld();
    clock->waitForSleepers(2);
    clock->advance(1s);
    BOOST_CHECK_THROW(caller.get(), LoginTimedOut);
    source->release();
    waitForLogins(1);
    BOOST_TEST(acquire(0s) == "Bearer token-1");
}

BOOST_AUTO_TEST_CASE(a_login_is_bounded_by_its_own_time_out) {
    source->hold();
    auto caller = acquireAside(10min);
    source->waitForHeld();
    clock->waitForSleepers(2);
    clock->advance(30s);
    BOOST_CHECK_THROW(caller.get(), LoginUnreachable);
}

BOOST_AUTO_TEST_CASE(destruction_cancels_a_login_under_way) {
    source->hold();
    failureText<LoginTimedOut>(0s);
    source->waitForHeld();
    cache.reset();
    BOOST_TEST(source->calls() == 1U);
}

BOOST_AUTO_TEST_CASE(destruction_cancels_a_pause_between_attempts) {
    source->fail<LoginUnavailable>("HTTP 503");
    auto caller = acquireAside(10ms);
    clock->waitForSleepers(2);
    clock->advance(10ms);
    BOOST_CHECK_THROW(caller.get(), LoginTimedOut);
    cache.reset();
    BOOST_TEST(source->calls() == 1U);
}

BOOST_AUTO_TEST_CASE(an_unavailable_server_is_tried_again_in_the_same_login) {
    source->fail<LoginUnavailable>("HTTP 503").fail<ConnectFailed>(Phase::connect, "refused").token("c");
    auto caller = acquireAside(10min);
    passPauses(2);
    BOOST_TEST(caller.get()->authorization == "Bearer c");
    BOOST_TEST(source->calls() == 3U);
    BOOST_TEST(counters().loginAttempts == 3U);
    BOOST_TEST(counters().logins == 1U);
    std::vector<AuthEvent::Kind> const expected{AuthEvent::Kind::loginStarted, AuthEvent::Kind::loginRetried,
                                                AuthEvent::Kind::loginRetried, AuthEvent::Kind::loginSucceeded};
    BOOST_TEST((events.kinds() == expected));
}

BOOST_AUTO_TEST_CASE(after_four_attempts_the_error_names_their_number_and_their_causes) {
    source->fail<ConnectFailed>(Phase::connect, "connection refused")
        .fail<LoginUnavailable>("HTTP 502")
        .fail<LoginUnavailable>("HTTP 503")
        .fail<LoginUnavailable>("HTTP 503");
    auto caller = acquireAside(20s);
    passPauses(3);
    BOOST_CHECK_EXCEPTION(caller.get(), LoginUnavailable, [](LoginUnavailable const& error) {
        return std::string(error.what()) ==
               "HTTP 503 (after 4 attempts; attempt 1: could not log in (client_credentials of 'ci' at "
               "https://example.test): connection refused; attempt 2: HTTP 502)";
    });
    BOOST_TEST(source->calls() == 4U);
    BOOST_TEST(cache->describe().state == "cooling");
}

BOOST_AUTO_TEST_CASE(pauses_in_a_login_follow_retry_after) {
    source->fail<LoginUnavailable>("HTTP 503", RetryAfter(7s));
    auto caller = acquireAside(10min);
    clock->waitForSleepers(2);
    clock->advance(7s - 1ns);
    clock->waitForSleepers(2);
    BOOST_TEST(source->calls() == 1U);
    clock->advance(1ns);
    BOOST_TEST(caller.get()->authorization == "Bearer token-2");
}

BOOST_AUTO_TEST_CASE(a_retry_after_beyond_the_logins_time_ends_it) {
    source->fail<LoginUnavailable>("HTTP 503", RetryAfter(30s));
    BOOST_TEST(failureText<LoginUnavailable>() == "HTTP 503");
    BOOST_TEST(source->calls() == 1U);
}

BOOST_AUTO_TEST_CASE(throttling_is_not_answered_with_more_attempts) {
    source->fail<LoginThrottled>("HTTP 429", RetryAfter(20s));
    BOOST_TEST(failureText<LoginThrottled>() == "HTTP 429");
    BOOST_TEST(
        contains(failureText<LoginThrottled>(), "HTTP 429 (this login failed before; the next one may start in 20."));
    BOOST_TEST(source->calls() == 1U);
    BOOST_TEST(counters().throttles == 1U);
}

BOOST_AUTO_TEST_CASE(a_caller_with_time_left_waits_for_the_end_of_the_pause) {
    source->fail<LoginThrottled>("HTTP 429", RetryAfter(20s));
    failureText<LoginThrottled>();
    auto caller = acquireAside(60s);
    clock->waitForSleepers(1);
    BOOST_TEST(source->calls() == 1U);
    clock->advance(21s);
    BOOST_TEST(caller.get()->authorization == "Bearer token-2");
    BOOST_TEST(counters().waits == 2U);
    BOOST_TEST((counters().waited >= 21s));
}

BOOST_AUTO_TEST_CASE(a_stop_token_ends_the_wait_for_a_pause) {
    source->fail<LoginThrottled>("HTTP 429", RetryAfter(20s));
    failureText<LoginThrottled>();
    std::stop_source stop;
    auto caller = acquireAside(60s, stop.get_token());
    clock->waitForSleepers(1);
    stop.request_stop();
    BOOST_CHECK_THROW(caller.get(), Cancelled);
}

BOOST_AUTO_TEST_CASE(a_valid_token_stays_in_use_while_cooling) {
    acquire();
    clock->advance(1h - 45s);
    source->fail<LoginThrottled>("HTTP 429", RetryAfter(20s));
    acquire(0s);
    waitForFailures(1);
    clock->advance(10s);
    BOOST_TEST(acquire(0s) == "Bearer token-1");
    BOOST_TEST(contains(cache->describe().lastError, "HTTP 429"));
}

BOOST_AUTO_TEST_CASE(a_cancellation_that_nobody_asked_for_leads_to_a_pause) {
    source->otherwise([](LoginContext const&) -> Token { throw Cancelled(Phase::send, "cancelled"); });
    auto caller = acquireAside(20s);
    passPauses(3);
    BOOST_CHECK_THROW(caller.get(), LoginUnreachable);
    BOOST_TEST(cache->describe().state == "cooling");
}

BOOST_AUTO_TEST_CASE(an_empty_token_is_a_bad_reply) {
    source->then([](LoginContext const&) { return Token{}; });
    BOOST_TEST(contains(failureText<BadLoginReply>(), "returned an empty token"));
}

BOOST_AUTO_TEST_CASE(what_is_no_exception_is_a_bad_reply) {
    source->then([](LoginContext const&) -> Token { throw 7; });
    BOOST_TEST(contains(failureText<BadLoginReply>(), "no std::exception"));
}

BOOST_AUTO_TEST_CASE(rejected_credentials_cost_one_login_and_give_everybody_the_same_error_at_once) {
    source->fail<CredentialsRejected>("invalid_client");
    std::string const first = failureText<CredentialsRejected>(1h);
    for (int i = 0; i < 2000; ++i) {
        BOOST_REQUIRE(failureText<CredentialsRejected>(1h) == first);
    }
    clock->advance(24h);
    BOOST_TEST(failureText<CredentialsRejected>(1h) == first);
    BOOST_TEST(source->calls() == 1U);
    BOOST_TEST(counters().rejections == 1U);
    BOOST_TEST(cache->describe().state == "rejected");
    BOOST_TEST(cache->describe().lastError == first);
}

BOOST_AUTO_TEST_CASE(a_rotated_secret_is_picked_up_after_a_rejection) {
    source->fail<CredentialsRejected>("invalid_client");
    failureText<CredentialsRejected>();
    source->setVersion("v2");
    BOOST_TEST(acquire() == "Bearer token-2");
}

BOOST_AUTO_TEST_CASE(a_rotated_secret_that_is_wrong_too_costs_one_login_more) {
    source->fail<CredentialsRejected>("invalid_client").fail<CredentialsRejected>("invalid_client again");
    failureText<CredentialsRejected>();
    source->setVersion("v2");
    BOOST_TEST(failureText<CredentialsRejected>() == "invalid_client again");
    BOOST_TEST(failureText<CredentialsRejected>() == "invalid_client again");
    BOOST_TEST(source->calls() == 2U);
}

BOOST_AUTO_TEST_CASE(a_secret_that_rotates_during_the_rejected_login_is_picked_up_without_a_red_test) {
    source->then([this](LoginContext const&) -> Token {
        source->setVersion("v2");
        throw CredentialsRejected("invalid_client");
    });
    BOOST_TEST(acquire() == "Bearer token-2");
    BOOST_TEST(source->calls() == 2U);
    BOOST_TEST(counters().rejections == 0U);
}

BOOST_AUTO_TEST_CASE(a_secret_that_never_stops_rotating_ends_after_four_attempts) {
    source->otherwise([this, n = 1](LoginContext const&) mutable -> Token {
        source->setVersion("v" + std::to_string(++n));
        throw CredentialsRejected("invalid_client");
    });
    BOOST_TEST(failureText<CredentialsRejected>() == "invalid_client (after 4 attempts)");
}

BOOST_AUTO_TEST_CASE(credentials_that_worked_are_tried_again_after_a_minute) {
    source->token("a", 100s).fail<CredentialsRejected>("invalid_client").token("b");
    acquire();
    clock->advance(100s);
    failureText<CredentialsRejected>();
    clock->advance(1min - 1ns);
    failureText<CredentialsRejected>(1h);
    BOOST_TEST(source->calls() == 2U);
    clock->advance(1ns);
    BOOST_TEST(acquire() == "Bearer b");
}

BOOST_AUTO_TEST_CASE(a_reset_leaves_a_rejection) {
    source->fail<CredentialsRejected>("invalid_client");
    failureText<CredentialsRejected>();
    cache->reset();
    BOOST_TEST(acquire() == "Bearer token-2");
}

BOOST_AUTO_TEST_CASE(a_reset_wakes_those_who_wait_for_a_pause) {
    source->fail<LoginThrottled>("HTTP 429", RetryAfter(1min));
    failureText<LoginThrottled>();
    auto caller = acquireAside(10min);
    clock->waitForSleepers(1);
    cache->reset();
    BOOST_TEST(caller.get()->authorization == "Bearer token-2");
}

BOOST_AUTO_TEST_CASE(a_reset_abandons_a_login_that_began_before_it) {
    source->hold();
    auto caller = acquireAside(10min);
    source->waitForHeld();
    clock->waitForSleepers(2);
    cache->reset();
    while (source->calls() < 2) {
        std::this_thread::yield();
    }
    source->release();
    BOOST_TEST(caller.get()->authorization == "Bearer token-2");
    BOOST_TEST(source->calls() == 2U);
    BOOST_TEST(source->mostAtOnce() == 1U);
}

BOOST_AUTO_TEST_CASE(credentials_that_cannot_be_read_are_an_error_and_not_the_end_of_the_process) {
    class Unreadable final : public TokenSource {
    public:
        Token fetch(LoginContext const&) override { throw Misconfigured("the secret's file cannot be read"); }
        std::string credentialVersion() const override { throw Misconfigured("the secret's file cannot be read"); }
        std::string describe() const override { throw std::runtime_error("no description"); }
    };
    TokenCache::Parts unreadable = parts();
    unreadable.source = std::make_unique<Unreadable>();
    cache.emplace(std::move(unreadable));
    BOOST_TEST(failureText<Misconfigured>() == "the secret's file cannot be read");
    BOOST_TEST(failureText<Misconfigured>() == "the secret's file cannot be read");
    BOOST_TEST(cache->describe().account == "scripted 'ci'");
    BOOST_TEST(counters().loginAttempts == 1U);
}

// A fault of the Run:ai Python client, which retries a 401 with the header that was rejected.
BOOST_AUTO_TEST_CASE(runapy_fault_a_refused_token_is_never_sent_again) {
    acquire();
    clock->advance(10s);
    std::string const refused = fingerprint();
    BOOST_TEST(cache->refused(refused).replay);
    BOOST_TEST(acquire() == "Bearer token-2");
    BOOST_TEST(fingerprint() != refused);
    BOOST_TEST(counters().refusals == 1U);
    BOOST_TEST(counters().replays == 1U);
}

BOOST_AUTO_TEST_CASE(a_late_401_for_an_old_token_keeps_the_new_one) {
    acquire();
    clock->advance(10s);
    std::string const old = fingerprint();
    cache->refused(old);
    acquire();
    BOOST_TEST(cache->refused(old).replay);
    BOOST_TEST(acquire() == "Bearer token-2");
    BOOST_TEST(source->calls() == 2U);
}

BOOST_AUTO_TEST_CASE(newborn_refusals_do_not_cause_a_login_per_request) {
    for (int i = 0; i < 100; ++i) {
        acquire();
        if (cache->refused(fingerprint()).replay) {
            acquire();
            cache->refused(fingerprint());
        }
    }
    BOOST_TEST(source->calls() == 2U);
}

BOOST_AUTO_TEST_CASE(a_login_that_returns_the_refused_token_again_has_failed) {
    source->token("the-same").token("the-same");
    acquire();
    clock->advance(10s);
    cache->refused(fingerprint());
    BOOST_TEST(contains(failureText<BadLoginReply>(), "it returned the token that the API had refused before"));
    BOOST_TEST(cache->describe().state == "cooling");
    BOOST_TEST(source->calls() == 2U);
    BOOST_TEST((events.kinds().back() == AuthEvent::Kind::loginFailed));
}

BOOST_AUTO_TEST_CASE(a_refresh_token_is_used_for_the_next_login) {
    source->then([](LoginContext const&) { return withRefreshToken("a", "refresh-1"); });
    source->token("b", 100s).token("c", 100s);
    acquire();
    clock->advance(100s);
    acquire();
    clock->advance(100s);
    BOOST_TEST(acquire() == "Bearer c");
    BOOST_TEST((source->refreshTokens() == Texts{"", "refresh-1", ""}));
}

BOOST_AUTO_TEST_CASE(a_refused_refresh_token_falls_back_to_the_credentials_once) {
    source->then([](LoginContext const&) { return withRefreshToken("a", "refresh-1"); });
    source->fail<CredentialsRejected>("invalid_grant");
    source->then([](LoginContext const&) { return withRefreshToken("b", "refresh-2"); });
    acquire();
    clock->advance(100s);
    BOOST_TEST(acquire() == "Bearer b");
    BOOST_TEST((source->refreshTokens() == Texts{"", "refresh-1", ""}));
    BOOST_TEST(counters().loginAttempts == 3U);
    BOOST_TEST(counters().rejections == 0U);
}

BOOST_AUTO_TEST_CASE(credentials_refused_after_the_refresh_token_are_rejected) {
    source->then([](LoginContext const&) { return withRefreshToken("a", "refresh-1"); });
    source->fail<CredentialsRejected>("invalid_grant").fail<CredentialsRejected>("invalid_client");
    acquire();
    clock->advance(100s);
    BOOST_TEST(failureText<CredentialsRejected>() == "invalid_client");
    BOOST_TEST(source->calls() == 3U);
}

BOOST_AUTO_TEST_CASE(a_refresh_token_outlives_an_unavailable_server) {
    source->then([](LoginContext const&) { return withRefreshToken("a", "refresh-1"); });
    source->fail<LoginUnavailable>("HTTP 503").token("b", 100s);
    acquire();
    clock->advance(100s);
    auto caller = acquireAside(10min);
    passPauses(1);
    BOOST_TEST(caller.get()->authorization == "Bearer b");
    BOOST_TEST((source->refreshTokens() == Texts{"", "refresh-1", "refresh-1"}));
}

BOOST_AUTO_TEST_CASE(a_reset_forgets_the_refresh_token) {
    source->then([](LoginContext const&) { return withRefreshToken("a", "refresh-1"); });
    acquire();
    cache->reset();
    BOOST_TEST(acquire() == "Bearer token-2");
    BOOST_TEST((source->refreshTokens() == Texts{"", ""}));
}

BOOST_AUTO_TEST_CASE(events_tell_a_tokens_life_without_the_token) {
    acquire();
    clock->advance(10s);
    cache->refused(fingerprint());
    source->fail<BadLoginReply>("an HTML page answered");
    failureText<BadLoginReply>();
    std::vector<AuthEvent::Kind> const expected{AuthEvent::Kind::loginStarted, AuthEvent::Kind::loginSucceeded,
                                                AuthEvent::Kind::tokenRefused, AuthEvent::Kind::loginStarted,
                                                AuthEvent::Kind::loginFailed};
    BOOST_TEST((events.kinds() == expected));
    BOOST_TEST(events.lastText(AuthEvent::Kind::loginSucceeded) == "lifetime 3600.0 s (expires_in)");
    for (AuthEvent const& event : events.all()) {
        BOOST_TEST(event.identity == "ci");
        BOOST_TEST(!contains(event.text, "token-1"));
        BOOST_TEST(!contains(event.fingerprint, "token-1"));
    }
}

BOOST_AUTO_TEST_CASE(a_description_holds_what_reports_need) {
    BOOST_TEST(cache->describe().state == "empty");
    acquire();
    AuthStatus const status = cache->describe();
    BOOST_TEST(status.provider == "scripted");
    BOOST_TEST(status.identity == "ci");
    BOOST_TEST(status.account == "client_credentials of 'ci' at https://example.test");
    BOOST_TEST(status.state == "fresh");
    BOOST_TEST(status.fingerprint == Secret("token-1").fingerprint());
    BOOST_TEST((*status.obtainedAt == clock->steady()));
    BOOST_TEST((*status.expiresAt == clock->steady() + 1h));
    BOOST_TEST(status.lifetimeSource == "expires_in");
    BOOST_TEST(status.lastError.empty());
}

BOOST_AUTO_TEST_CASE(an_event_callback_may_ask_the_cache) {
    TokenCache* asked = nullptr;
    TokenCache::Parts asking = parts();
    asking.events = [&asked](AuthEvent const&) { asked->describe(); };
    cache.emplace(std::move(asking));
    asked = &*cache;
    BOOST_TEST(acquire() == "Bearer token-1");
}

BOOST_AUTO_TEST_CASE(a_provider_attaches_the_token_and_names_it) {
    BearerAuthProvider provider(parts());
    Request request;
    Attachment const attachment = provider.authorize(request, {clock->steady() + 30s, {}});
    BOOST_TEST(*request.headers.find("Authorization") == "Bearer token-1");
    BOOST_TEST(attachment.fingerprint == Secret("token-1").fingerprint());
    clock->advance(10s);
    BOOST_TEST(provider.refused({}, attachment).replay);
    BOOST_TEST(provider.authorize(request, {clock->steady() + 30s, {}}).fingerprint == Secret("token-2").fingerprint());
    BOOST_TEST(*request.headers.find("Authorization") == "Bearer token-2");
    provider.reset();
    BOOST_TEST(provider.describe().state == "empty");
}

BOOST_AUTO_TEST_SUITE_END()
