#include "token/lifecycle.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

using namespace std::chrono_literals;
using namespace httptest;
using Kind = LoginFailure::Kind;
using Decision = Lifecycle::Decision::Kind;
using State = Lifecycle::State;

namespace httptest::inline v1 {

static std::ostream& operator<<(std::ostream& out, State state) {
    return out << describe(state);
}

} // namespace httptest::v1

namespace {

namespace data = boost::unit_test::data;

constexpr SteadyTime start{1000s};
constexpr auto forever = SteadyTime::max();
constexpr auto tick = 1ns;

std::shared_ptr<AccessToken const> token(std::string fingerprint, SteadyTime obtained,
                                         std::chrono::nanoseconds length = 1h) {
    auto result = std::make_shared<AccessToken>();
    result->fingerprint = std::move(fingerprint);
    result->obtainedAt = obtained;
    result->expiresAt = obtained + length;
    result->usableUntil = result->expiresAt - std::min<std::chrono::nanoseconds>(5s, length / 10);
    result->refreshFrom = result->usableUntil - std::min<std::chrono::nanoseconds>(60s, length / 5);
    return result;
}

LoginFailure failure(Kind kind, RetryAfter retryAfter = std::nullopt) {
    LoginFailure result;
    result.kind = kind;
    result.text = "the failure";
    result.retryAfter = retryAfter;
    return result;
}

struct LifecycleFixture {
    Lifecycle life{TokenPolicy{}};

    Decision decide(SteadyTime now, SteadyTime deadline = forever) { return life.acquire(now, deadline).kind; }
    bool starts(SteadyTime now, SteadyTime deadline = forever) { return life.acquire(now, deadline).startLogin; }

    void logIn(SteadyTime now, std::string fingerprint, std::chrono::nanoseconds length = 1h,
               std::string version = "v1") {
        BOOST_REQUIRE(starts(now));
        life.loginSucceeded(token(std::move(fingerprint), now, length), std::move(version));
    }

    void failLogin(SteadyTime now, LoginFailure with, double jitter = 1, std::string version = "v1") {
        BOOST_REQUIRE(starts(now));
        life.loginFailed(now, std::move(with), jitter, std::move(version));
    }
};

struct Outcome {
    char const* what;
    LoginFailure failure;
    double jitter;
    State state;
    std::chrono::nanoseconds pause; ///< Nothing but other credentials ends a rejection: then it is 0.
};

std::ostream& operator<<(std::ostream& out, Outcome const& row) {
    return out << row.what;
}

Outcome const outcomes[] = {
    {"rejected", failure(Kind::rejected), 1, State::rejected, 0s},
    {"misconfigured", failure(Kind::misconfigured), 1, State::rejected, 0s},
    {"TLS", failure(Kind::tls), 1, State::rejected, 0s},
    {"proxy refused", failure(Kind::proxyRefused), 1, State::rejected, 0s},
    {"bad reply", failure(Kind::badReply), 0, State::cooling, 30s},
    {"bad reply, other jitter", failure(Kind::badReply), 1, State::cooling, 30s},
    {"throttled", failure(Kind::throttled), 1, State::cooling, 1s},
    {"throttled, half jitter", failure(Kind::throttled), 0.5, State::cooling, 500ms},
    {"throttled, no jitter", failure(Kind::throttled), 0, State::cooling, 100ms},
    {"throttled for 7 s", failure(Kind::throttled, 7s), 0, State::cooling, 7s},
    {"throttled for 7 s, jittered", failure(Kind::throttled, 7s), 1, State::cooling, 7500ms},
    {"throttled for 0 s", failure(Kind::throttled, 0s), 1, State::cooling, 1s},
    {"throttled just below the cap", failure(Kind::throttled, 299s), 0, State::cooling, 299s},
    {"throttled at the cap", failure(Kind::throttled, 300s), 0, State::cooling, 300s},
    {"throttled above the cap", failure(Kind::throttled, 301s), 0, State::cooling, 300s},
    {"throttled for years", failure(Kind::throttled, 3650 * 24h), 0, State::cooling, 300s},
    {"unavailable", failure(Kind::unavailable), 1, State::cooling, 1s},
    {"unavailable for 20 s", failure(Kind::unavailable, 20s), 0, State::cooling, 20s},
    {"unreachable", failure(Kind::unreachable), 1, State::cooling, 1s},
};

Kind const finalKinds[] = {Kind::rejected, Kind::misconfigured, Kind::tls, Kind::proxyRefused};

} // namespace

namespace httptest::inline v1 {

static std::ostream& operator<<(std::ostream& out, LoginFailure::Kind kind) {
    return out << "kind " << static_cast<int>(kind);
}

} // namespace httptest::v1

BOOST_FIXTURE_TEST_SUITE(lifecycle, LifecycleFixture)

BOOST_AUTO_TEST_CASE(an_empty_one_starts_one_login_and_everybody_waits_for_it) {
    BOOST_TEST(life.state(start) == State::empty);
    auto const first = life.acquire(start, forever);
    BOOST_TEST((first.kind == Decision::awaitLogin));
    BOOST_TEST(first.startLogin);
    auto const second = life.acquire(start, forever);
    BOOST_TEST((second.kind == Decision::awaitLogin));
    BOOST_TEST(!second.startLogin);
    BOOST_TEST(life.loginUnderWay());
}

BOOST_AUTO_TEST_CASE(states_change_at_the_tokens_edges) {
    logIn(start, "a", 100s); // refreshFrom 75 s, usableUntil 95 s, expiresAt 100 s
    auto const& a = *life.token();
    BOOST_TEST(life.state(start) == State::fresh);
    BOOST_TEST(life.state(a.refreshFrom - tick) == State::fresh);
    BOOST_TEST(life.state(a.refreshFrom) == State::stale);
    BOOST_TEST(life.state(a.usableUntil - tick) == State::stale);
    BOOST_TEST(life.state(a.usableUntil) == State::expired);
}

// A fault of a Go controller, which fetches while the token is fresh and reuses it once it has expired.
BOOST_AUTO_TEST_CASE(go_controller_fault_a_fresh_token_is_reused_and_an_expired_one_is_not) {
    logIn(start, "a", 100s);
    auto const a = life.token();
    auto const fresh = life.acquire(a->refreshFrom - tick, forever);
    BOOST_TEST((fresh.kind == Decision::use));
    BOOST_TEST((fresh.token == a));
    BOOST_TEST(!fresh.startLogin);
    auto const expired = life.acquire(a->usableUntil, forever);
    BOOST_TEST((expired.kind == Decision::awaitLogin));
    BOOST_TEST(expired.startLogin);
    BOOST_TEST(expired.token == nullptr);
}

// A fault of two benchmark launchers, which fetch a token once and never again.
BOOST_AUTO_TEST_CASE(launcher_fault_a_token_is_replaced_again_and_again) {
    SteadyTime now = start;
    for (int i = 0; i < 5; ++i) {
        logIn(now, "token " + std::to_string(i), 100s);
        now = life.token()->usableUntil;
    }
}

BOOST_AUTO_TEST_CASE(a_stale_token_is_used_while_one_login_replaces_it) {
    logIn(start, "a", 100s);
    SteadyTime const stale = life.token()->refreshFrom;
    auto const first = life.acquire(stale, forever);
    BOOST_TEST((first.kind == Decision::use));
    BOOST_TEST(first.startLogin);
    auto const second = life.acquire(stale, forever);
    BOOST_TEST((second.kind == Decision::use));
    BOOST_TEST(!second.startLogin);
    life.loginSucceeded(token("b", stale), "v1");
    BOOST_TEST(life.acquire(stale, forever).token->fingerprint == "b");
}

// A fault of the Run:ai Python client, whose flag "refreshing" stays set after a failed refresh.
BOOST_AUTO_TEST_CASE(runapy_fault_a_failed_refresh_keeps_the_token_and_is_repeated_after_a_pause) {
    logIn(start, "a", 1000s);
    SteadyTime const stale = life.token()->refreshFrom;
    BOOST_REQUIRE(starts(stale));
    life.loginFailed(stale, failure(Kind::unavailable), 1, "v1");
    BOOST_TEST((decide(stale + 1s - tick) == Decision::use));
    BOOST_TEST(!life.loginUnderWay());
    auto const again = life.acquire(stale + 1s, forever);
    BOOST_TEST((again.kind == Decision::use));
    BOOST_TEST(again.startLogin);
    BOOST_TEST(life.state(stale + 1s) == State::stale);
}

BOOST_AUTO_TEST_CASE(a_valid_token_is_used_through_a_rejected_refresh) {
    logIn(start, "a", 1000s);
    SteadyTime const stale = life.token()->refreshFrom;
    BOOST_REQUIRE(starts(stale));
    life.loginFailed(stale, failure(Kind::rejected), 1, "v2");
    BOOST_TEST((decide(life.token()->usableUntil - tick) == Decision::use));
    BOOST_TEST(!life.loginUnderWay());
    BOOST_TEST((decide(life.token()->usableUntil) == Decision::fail));
}

BOOST_DATA_TEST_CASE(each_outcome_leads_to_its_state_for_its_time, data::make(outcomes), row) {
    failLogin(start, row.failure, row.jitter);
    BOOST_TEST(life.state(start) == row.state);
    auto const now = life.acquire(start, start);
    BOOST_TEST((now.kind == Decision::fail));
    BOOST_REQUIRE(now.failure != nullptr);
    BOOST_TEST(now.failure->kind == row.failure.kind);
    if (row.state == State::rejected) {
        BOOST_TEST((decide(start + 24h) == Decision::fail));
        BOOST_TEST(life.state(start + 24h) == State::rejected);
        return;
    }
    SteadyTime const over = start + row.pause;
    BOOST_TEST((decide(over - tick, over) == Decision::fail));
    BOOST_TEST((decide(over - tick, over + tick) == Decision::awaitTime));
    BOOST_TEST((life.acquire(over - tick, forever).when == over));
    BOOST_TEST(life.state(over - tick) == State::cooling);
    BOOST_TEST(life.state(over) == State::empty);
    BOOST_TEST(starts(over, over));
}

BOOST_AUTO_TEST_CASE(a_cancelled_login_says_nothing) {
    failLogin(start, failure(Kind::cancelled));
    BOOST_TEST(life.state(start) == State::empty);
    BOOST_TEST(life.failure() == nullptr);
    BOOST_TEST(starts(start));
}

BOOST_AUTO_TEST_CASE(pauses_double_up_to_a_minute_and_start_anew_after_a_success) {
    SteadyTime now = start;
    for (auto const pause : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s, 60s}) {
        failLogin(now, failure(Kind::unreachable));
        BOOST_TEST((life.pausedUntil() == now + pause));
        now += pause;
    }
    logIn(now, "a", 10s);
    failLogin(now + 9s, failure(Kind::unreachable));
    BOOST_TEST((life.pausedUntil() == now + 10s));
}

BOOST_AUTO_TEST_CASE(backoff_is_drawn_between_nothing_and_its_ceiling) {
    TokenPolicy const policy;
    BOOST_TEST((backoff(policy, 1, 1) == 500ms));
    BOOST_TEST((backoff(policy, 2, 1) == 1s));
    BOOST_TEST((backoff(policy, 3, 0.5) == 1s));
    BOOST_TEST((backoff(policy, 7, 1) == 32s));
    BOOST_TEST((backoff(policy, 8, 1) == 60s));
    BOOST_TEST((backoff(policy, 1'000'000, 1) == 60s));
    BOOST_TEST((backoff(policy, 8, 0) == 100ms));
    TokenPolicy none;
    none.firstBackoff = 0s;
    BOOST_TEST((backoff(none, 5, 1) == 0s));
}

BOOST_DATA_TEST_CASE(a_final_failure_is_left_when_the_credentials_change, data::make(finalKinds), kind) {
    failLogin(start, failure(kind));
    BOOST_TEST(!life.credentialsSeen("v1"));
    BOOST_TEST((decide(start + 1h) == Decision::fail));
    BOOST_TEST(life.credentialsSeen("v2"));
    BOOST_TEST(!life.credentialsSeen("v2"));
    BOOST_TEST(starts(start));
}

BOOST_AUTO_TEST_CASE(changed_credentials_do_not_end_a_cooldown) {
    failLogin(start, failure(Kind::throttled, 60s));
    BOOST_TEST(!life.credentialsSeen("v2"));
    BOOST_TEST(life.state(start) == State::cooling);
}

BOOST_DATA_TEST_CASE(a_final_failure_is_left_by_a_reset, data::make(finalKinds), kind) {
    failLogin(start, failure(kind));
    life.reset();
    BOOST_TEST(life.state(start) == State::empty);
    BOOST_TEST(starts(start));
}

BOOST_AUTO_TEST_CASE(a_reset_ends_a_cooldown_and_forgets_the_token) {
    logIn(start, "a");
    life.reset();
    BOOST_TEST(life.state(start) == State::empty);
    failLogin(start, failure(Kind::throttled, 60s));
    life.reset();
    BOOST_TEST(starts(start));
}

BOOST_DATA_TEST_CASE(credentials_that_worked_are_tried_again_once_a_minute, data::make(finalKinds), kind) {
    logIn(start, "a", 10s);
    SteadyTime const first = start + 10s;
    failLogin(first, failure(kind));
    BOOST_TEST((decide(first + 1min - tick) == Decision::fail));
    failLogin(first + 1min, failure(kind));
    BOOST_TEST((decide(first + 2min - tick) == Decision::fail));
    logIn(first + 2min, "b");
    BOOST_TEST(life.state(first + 2min) == State::fresh);
}

BOOST_AUTO_TEST_CASE(credentials_that_never_worked_are_not_tried_again) {
    failLogin(start, failure(Kind::rejected));
    BOOST_TEST((decide(start + 24h) == Decision::fail));
}

BOOST_DATA_TEST_CASE(a_failure_of_others_lasts_until_they_said, data::make(finalKinds), kind) {
    LoginFailure theirs = failure(kind);
    theirs.ofOthers = true;
    theirs.pausedUntil = start + 40s;
    failLogin(start, theirs);
    BOOST_TEST((decide(start + 40s - tick) == Decision::fail));
    BOOST_TEST(starts(start + 40s));
}

BOOST_AUTO_TEST_CASE(other_credentials_do_not_inherit_that_their_predecessors_worked) {
    logIn(start, "a", 10s, "v1");
    failLogin(start + 10s, failure(Kind::rejected), 1, "v2");
    BOOST_TEST((decide(start + 24h) == Decision::fail));
    BOOST_TEST(life.credentialsSeen("v1"));
    BOOST_TEST(starts(start + 24h));
}

BOOST_AUTO_TEST_CASE(a_reset_forgets_that_credentials_worked) {
    logIn(start, "a", 10s);
    life.reset();
    failLogin(start, failure(Kind::rejected));
    BOOST_TEST((decide(start + 24h) == Decision::fail));
}

BOOST_AUTO_TEST_CASE(a_refusal_drops_the_token_and_one_login_follows) {
    logIn(start, "a");
    Refusal const refusal = life.refused(start + 10s, "a");
    BOOST_TEST(refusal.replay);
    BOOST_TEST(refusal.diagnosis.find("before its time") != std::string::npos);
    BOOST_TEST(life.wasRefused("a"));
    BOOST_TEST(life.token() == nullptr);
    BOOST_TEST(starts(start + 10s));
}

BOOST_AUTO_TEST_CASE(a_late_refusal_never_drops_the_new_token) {
    logIn(start, "a");
    BOOST_TEST(life.refused(start + 10s, "a").replay);
    logIn(start + 10s, "b");
    Refusal const late = life.refused(start + 11s, "a");
    BOOST_TEST(late.replay);
    BOOST_TEST(late.diagnosis == "the token had been replaced meanwhile");
    BOOST_TEST((decide(start + 11s) == Decision::use));
    BOOST_TEST(life.token()->fingerprint == "b");
    BOOST_TEST(!life.wasRefused("b"));
}

BOOST_AUTO_TEST_CASE(a_late_refusal_of_a_token_that_a_refresh_replaced_drops_nothing) {
    logIn(start, "a", 100s);
    SteadyTime const stale = life.token()->refreshFrom;
    BOOST_REQUIRE(starts(stale));
    life.loginSucceeded(token("b", stale), "v1");
    BOOST_TEST(life.refused(stale, "a").replay);
    BOOST_TEST(life.token()->fingerprint == "b");
}

BOOST_AUTO_TEST_CASE(many_refusals_of_one_token_make_one_login) {
    logIn(start, "a");
    int logins = 0;
    for (int i = 0; i < 10; ++i) {
        BOOST_TEST(life.refused(start + 10s, "a").replay);
        logins += starts(start + 10s) ? 1 : 0;
    }
    BOOST_TEST(logins == 1);
}

BOOST_AUTO_TEST_CASE(a_refusal_beside_a_refresh_waits_for_that_login) {
    logIn(start, "a", 100s);
    SteadyTime const stale = life.token()->refreshFrom;
    BOOST_REQUIRE(starts(stale));
    BOOST_TEST(life.refused(stale, "a").replay);
    auto const decision = life.acquire(stale, forever);
    BOOST_TEST((decision.kind == Decision::awaitLogin));
    BOOST_TEST(!decision.startLogin);
}

BOOST_AUTO_TEST_CASE(after_a_refusal_a_failed_login_is_the_error) {
    logIn(start, "a");
    life.refused(start + 10s, "a");
    failLogin(start + 10s, failure(Kind::badReply));
    BOOST_TEST((decide(start + 10s, start + 20s) == Decision::fail));
}

BOOST_AUTO_TEST_CASE(a_newborn_refusal_is_named_and_one_login_follows) {
    logIn(start, "a");
    Refusal const first = life.refused(start + 5s, "a");
    BOOST_TEST(first.replay);
    BOOST_TEST(first.diagnosis.find("wrong tenant, wrong issuer?") != std::string::npos);
    logIn(start + 5s, "b");
    SteadyTime const second = start + 5s + 5s;
    Refusal const ignored = life.refused(second, "b");
    BOOST_TEST(!ignored.replay);
    BOOST_TEST(ignored.diagnosis.find("not repeated for a minute") != std::string::npos);
    BOOST_TEST((decide(second) == Decision::use));
    BOOST_TEST(!life.wasRefused("b"));
}

BOOST_AUTO_TEST_CASE(newborn_refusals_are_ignored_for_a_minute_and_then_cost_a_login_each) {
    logIn(start, "a");
    life.refused(start, "a");
    logIn(start, "b");
    BOOST_TEST(!life.refused(start, "b").replay);
    BOOST_TEST(!life.refused(start + 1min - tick, "b").replay);
    BOOST_TEST(life.refused(start + 1min, "b").replay);
    logIn(start + 1min, "c");
    BOOST_TEST(!life.refused(start + 1min, "c").replay);
    BOOST_TEST(!life.refused(start + 2min - tick, "c").replay);
}

BOOST_AUTO_TEST_CASE(a_refusal_of_an_older_token_is_none_at_birth) {
    logIn(start, "a");
    life.refused(start + 5s + tick, "a");
    logIn(start + 6s, "b");
    BOOST_TEST(life.refused(start + 11s + tick, "b").replay);
}

BOOST_AUTO_TEST_CASE(a_newborn_refusal_after_a_quiet_login_costs_one_login) {
    logIn(start, "a");
    life.refused(start, "a");
    logIn(start, "b", 100s);
    SteadyTime const stale = life.token()->refreshFrom;
    BOOST_REQUIRE(starts(stale));
    life.loginSucceeded(token("c", stale), "v1");
    BOOST_TEST(life.refused(stale, "c").replay);
}

BOOST_AUTO_TEST_CASE(beyond_its_expiry_a_token_is_no_newborn) {
    logIn(start, "a", 2s);
    Refusal const refusal = life.refused(start + 2s, "a");
    BOOST_TEST(refusal.replay);
    BOOST_TEST(refusal.diagnosis == "the token had expired");
}

BOOST_AUTO_TEST_CASE(short_tokens_that_a_server_counts_in_whole_seconds_are_no_newborns_in_their_last) {
    SteadyTime now = start;
    for (int i = 0; i < 10; ++i) {
        logIn(now, "token " + std::to_string(i), 3s);
        now += 2s;
        BOOST_TEST(life.refused(now, "token " + std::to_string(i)).replay);
    }
    logIn(now, "last", 3s);
    BOOST_TEST(!life.refused(now + 2s - tick, "last").replay);
}

BOOST_AUTO_TEST_CASE(a_token_that_expires_while_refusals_are_ignored_is_replaced) {
    logIn(start, "a", 10s);
    life.refused(start, "a");
    logIn(start, "b", 10s);
    BOOST_TEST(!life.refused(start + 10s - tick - 6s, "b").replay);
    BOOST_TEST(life.refused(start + 10s, "b").replay);
}

BOOST_AUTO_TEST_CASE(a_reset_forgets_newborn_refusals) {
    logIn(start, "a");
    life.refused(start, "a");
    logIn(start, "b");
    BOOST_TEST(!life.refused(start, "b").replay);
    life.reset();
    logIn(start, "c");
    BOOST_TEST(life.refused(start, "c").replay);
}

BOOST_AUTO_TEST_CASE(a_reset_beside_a_login_does_not_start_a_second_one) {
    BOOST_REQUIRE(starts(start));
    life.reset();
    BOOST_TEST(!starts(start));
    life.loginEnded();
    BOOST_TEST(starts(start));
}

BOOST_AUTO_TEST_CASE(the_memory_of_refused_tokens_is_bounded) {
    for (int i = 0; i < 65; ++i) {
        life.refused(start, "token " + std::to_string(i));
    }
    BOOST_TEST(!life.wasRefused("token 0"));
    BOOST_TEST(life.wasRefused("token 1"));
    BOOST_TEST(life.wasRefused("token 64"));
}

BOOST_AUTO_TEST_CASE(states_have_names) {
    BOOST_TEST(std::string(describe(State::empty)) == "empty");
    BOOST_TEST(std::string(describe(State::fresh)) == "fresh");
    BOOST_TEST(std::string(describe(State::stale)) == "stale");
    BOOST_TEST(std::string(describe(State::expired)) == "expired");
    BOOST_TEST(std::string(describe(State::rejected)) == "rejected");
    BOOST_TEST(std::string(describe(State::cooling)) == "cooling");
}

BOOST_AUTO_TEST_SUITE_END()
