#include "support/contains.hpp"

#include <httptest/error.hpp>
#include <httptest/testing/fake_clock.hpp>
#include <httptest/testing/scripted_transport.hpp>
#include <httptest/testing/temporary_folder.hpp>
#include <httptest/token_cache.hpp>
#include <httptest/token_store.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

using namespace std::chrono_literals;
using namespace httptest;
using httptest::testing::FakeClock;
using httptest::testing::ScriptedTransport;
using httptest::testing::TemporaryFolder;

namespace {

/// A token source of functions, for what no good source does.
struct Answers {
    std::function<Token(LoginContext const&)> fetch = [](LoginContext const&) { return Answers::token("a-token"); };
    std::function<std::string()> version = [] { return "v1"; };
    std::function<std::string()> describe = [] { return "odd logins"; };
    std::function<std::optional<SharingKey>()> sharing = [] { return std::nullopt; };

    static Token token(std::string const& text) {
        Token made;
        made.accessToken = Secret(text);
        made.expiresIn = 1h;
        return made;
    }
};

class OddSource final : public TokenSource {
public:
    explicit OddSource(std::shared_ptr<Answers> answers) : answers_(std::move(answers)) {}

    Token fetch(LoginContext const& context) override { return answers_->fetch(context); }
    std::string credentialVersion() const override { return answers_->version(); }
    std::optional<SharingKey> sharing() const override { return answers_->sharing(); }
    std::string describe() const override { return answers_->describe(); }

private:
    std::shared_ptr<Answers> answers_;
};

struct OddSourceFixture {
    std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
    std::shared_ptr<Answers> answers = std::make_shared<Answers>();
    TemporaryFolder folder;
    std::unique_ptr<TokenCache> cache = std::make_unique<TokenCache>(partsOf({}));

    TokenCache::Parts partsOf(TokenPolicy policy) const {
        TokenCache::Parts parts;
        parts.source = std::make_unique<OddSource>(answers);
        parts.transport = std::make_shared<ScriptedTransport>(clock);
        parts.clock = clock;
        parts.policy = policy;
        parts.provider = "odd";
        parts.identity = "ci";
        return parts;
    }

    std::string acquire(std::chrono::nanoseconds patience = 50ms) {
        return cache->acquire(clock->steady() + patience, {})->authorization;
    }

    void reject() {
        auto const works = answers->fetch;
        answers->fetch = [](LoginContext const&) -> Token { throw CredentialsRejected("invalid_client"); };
        BOOST_CHECK_THROW(acquire(), CredentialsRejected);
        answers->fetch = works;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(odd_sources, OddSourceFixture)

BOOST_AUTO_TEST_CASE(a_reset_while_the_credentials_are_looked_at_leaves_the_rejection) {
    reject();
    answers->version = [this, reset = false]() mutable {
        if (!std::exchange(reset, true)) {
            cache->reset();
        }
        return "v1";
    };
    BOOST_TEST(acquire() == "Bearer a-token");
}

BOOST_AUTO_TEST_CASE(two_callers_who_find_rotated_credentials_at_once_share_one_login) {
    reject();
    std::latch bothLook(2);
    std::atomic<int> looks = 0;
    std::atomic<int> logins = 0;
    answers->version = [&] {
        if (++looks <= 2) { // the callers' own; the login looks again
            bothLook.arrive_and_wait();
        }
        return "v2";
    };
    answers->fetch = [&](LoginContext const&) {
        ++logins;
        return Answers::token("a-token");
    };
    auto const other = std::async(std::launch::async, [this] { return acquire(); });
    BOOST_TEST(acquire() == "Bearer a-token");
    other.wait();
    BOOST_TEST(logins == 1);
}

BOOST_AUTO_TEST_CASE(a_source_that_is_asked_who_it_is_while_it_logs_in_may_wait_for_that_login) {
    std::mutex mutex; // such a source guards its state by one
    std::latch loggingIn(1);
    std::latch mayEnd(1);
    answers->fetch = [&](LoginContext const&) {
        std::lock_guard const lock(mutex);
        loggingIn.count_down();
        mayEnd.wait();
        return Answers::token("a-token");
    };
    auto const patient = std::async(std::launch::async, [this] { return acquire(10min); });
    loggingIn.wait();
    std::atomic<bool> asked = false;
    answers->describe = [&] {
        asked = true;
        std::lock_guard const lock(mutex);
        return std::string("odd logins");
    };
    auto late = std::async(std::launch::async, [this] { return acquire(0s); });
    while (!asked) {
        std::this_thread::yield();
    }
    // The late one hangs in `describe`; the cache must not.
    auto const refusal = std::async(std::launch::async, [this] { return cache->refused("another").replay; });
    bool const free = refusal.wait_for(5s) == std::future_status::ready;
    mayEnd.count_down();
    BOOST_TEST(free);
    BOOST_CHECK_THROW(late.get(), LoginTimedOut);
}

BOOST_AUTO_TEST_CASE(what_is_no_exception_is_survived_wherever_a_source_throws_it) {
    answers->version = []() -> std::string { throw 1; };
    answers->describe = []() -> std::string { throw 2; };
    answers->sharing = []() -> std::optional<SharingKey> { throw 3; };
    TokenCache::Parts parts = partsOf({});
    parts.store = fileTokenStore((folder.path() / "state").string(), clock);
    cache = std::make_unique<TokenCache>(std::move(parts));
    BOOST_TEST(acquire() == "Bearer a-token");
    BOOST_TEST(cache->describe().account == "odd 'ci'");
}

BOOST_AUTO_TEST_CASE(an_event_sink_that_throws_fails_the_login_and_not_the_process) {
    TokenCache::Parts parts = partsOf({});
    parts.events = [](AuthEvent const&) { throw 1; };
    cache = std::make_unique<TokenCache>(std::move(parts));
    BOOST_CHECK_THROW(acquire(), BadLoginReply);
}

BOOST_AUTO_TEST_CASE(a_policy_without_an_attempt_is_refused) {
    TokenPolicy policy;
    policy.loginAttempts = 0;
    BOOST_CHECK_EXCEPTION(TokenCache(partsOf(policy)), Misconfigured,
                          [](Misconfigured const& error) { return contains(error.what(), "loginAttempts"); });
}

BOOST_AUTO_TEST_SUITE_END()
