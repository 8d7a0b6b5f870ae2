#include "token/lifecycle.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace httptest;
using Kind = LoginFailure::Kind;
using Decision = Lifecycle::Decision::Kind;

namespace {

namespace data = boost::unit_test::data;

constexpr int eventsPerSeed = 4000;
std::uint32_t const seeds[] = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597};

/// Draws events, and keeps beside the core what a suite would have seen, to hold the core against it.
class Model {
public:
    explicit Model(std::uint32_t seed) : random_(seed) {}

    void run() {
        for (int i = 0; i < eventsPerSeed; ++i) {
            switch (draw(12)) {
            case 0:
            case 1: timePasses(); break;
            case 2:
            case 3: loginEnds(); break;
            case 4: answers401(current_); break;
            case 5: answers401(anyIssued()); break;
            case 6: credentialsRotate(); break;
            case 7: draw(20) == 0 ? reset() : timePasses(); break;
            default: callerAsks(); break;
            }
        }
        // A caller that gives up or is cancelled is no event of the core: it only stops to ask.
        BOOST_TEST(logins_ > 10);
        BOOST_TEST(uses_ > 100);
    }

private:
    struct Failed {
        Kind kind;
        SteadyTime until;
        std::string version;
    };

    std::uint32_t draw(std::uint32_t below) {
        return std::uniform_int_distribution<std::uint32_t>(0, below - 1)(random_);
    }
    double jitter() { return std::uniform_real_distribution<double>(0, 1)(random_); }

    std::chrono::nanoseconds drawTime(std::initializer_list<std::chrono::nanoseconds> choices) {
        return choices.begin()[draw(static_cast<std::uint32_t>(choices.size()))];
    }

    void timePasses() { now_ += drawTime({0ns, 1ns, 10ms, 300ms, 1s, 2s, 5s, 31s, 1min, 5min, 1h, 24h}); }

    void callerAsks() {
        SteadyTime const deadline = now_ + drawTime({0s, 1ns, 1s, 10s, 60s, 10min});
        bool const valid = current_ && now_ < current_->usableUntil;
        Lifecycle::Decision decision = life_.acquire(now_, deadline);
        if (decision.kind == Decision::fail && decision.failure->final() && life_.credentialsSeen(version_)) {
            failed_.reset();
            decision = life_.acquire(now_, deadline);
        }
        if (decision.startLogin) {
            loginStarts();
        }
        BOOST_TEST(valid == (decision.kind == Decision::use),
                   "a valid token is never withheld, another never given out");
        switch (decision.kind) {
        case Decision::use: tokenIsSent(*decision.token); break;
        case Decision::awaitLogin: BOOST_TEST(flying_, "nobody waits for a login that does not run"); break;
        case Decision::awaitTime:
            BOOST_TEST((decision.when > now_), "a wait has a length");
            BOOST_TEST((decision.when < deadline), "nobody is told to wait past its deadline");
            BOOST_TEST((failed_ && decision.when == failed_->until), "a wait ends with the pause");
            break;
        case Decision::fail:
            BOOST_REQUIRE(failed_.has_value());
            BOOST_TEST((decision.failure->kind == failed_->kind), "the failure is that of the last login");
            BOOST_TEST(!flying_, "nobody fails while a login runs");
            break;
        }
    }

    void loginStarts() {
        BOOST_TEST(!flying_, "one login at most");
        if (failed_) {
            BOOST_TEST((now_ >= failed_->until), "no login while cooling or rejected");
            bool const isFinal = failed_->kind == Kind::rejected || failed_->kind == Kind::misconfigured ||
                                 failed_->kind == Kind::tls || failed_->kind == Kind::proxyRefused;
            BOOST_TEST((!isFinal || worked_.contains(failed_->version)), "no login with credentials that never worked");
        }
        flying_ = true;
        flightVersion_ = version_;
        left_ = now_;
        ++logins_;
    }

    void tokenIsSent(AccessToken const& token) {
        ++uses_;
        BOOST_TEST(!dropped_.contains(token.fingerprint), "a dropped token is never sent again");
        BOOST_TEST(token.fingerprint == current_->fingerprint, "the newest token is the one that is sent");
    }

    void loginEnds() {
        if (!flying_) {
            return;
        }
        flying_ = false;
        if (abandoned_) {
            abandoned_ = false;
            life_.loginEnded();
            return;
        }
        if (draw(2) == 0) {
            loginFails();
            return;
        }
        auto token = std::make_shared<AccessToken>();
        auto const length = drawTime({2s, 5s, 10s, 1min, 5min, 1h, 720h});
        token->fingerprint = "token " + std::to_string(issued_.size());
        token->obtainedAt = left_;
        token->expiresAt = left_ + length;
        token->usableUntil = token->expiresAt - std::min<std::chrono::nanoseconds>(5s, length / 10);
        token->refreshFrom = token->usableUntil - std::min<std::chrono::nanoseconds>(60s, length / 5);
        issued_.push_back(token);
        current_ = token;
        failed_.reset();
        worked_ = {flightVersion_};
        life_.loginSucceeded(token, flightVersion_);
    }

    void loginFails() {
        LoginFailure failure;
        failure.kind = static_cast<Kind>(draw(9));
        if (draw(3) == 0) {
            failure.retryAfter = drawTime({0s, 1s, 30s, 1h});
        }
        if (failure.kind != Kind::cancelled) {
            failed_ = Failed{failure.kind, {}, flightVersion_};
        }
        life_.loginFailed(now_, failure, jitter(), flightVersion_);
        if (failure.kind != Kind::cancelled) {
            failed_->until = life_.pausedUntil();
            BOOST_TEST((failed_->until > now_), "a failure is followed by a pause");
            BOOST_TEST((failed_->until <= now_ + 5min + 500ms), "a pause is bounded");
        }
    }

    std::shared_ptr<AccessToken const> anyIssued() {
        return issued_.empty() ? nullptr : issued_[draw(static_cast<std::uint32_t>(issued_.size()))];
    }

    void answers401(std::shared_ptr<AccessToken const> const& token) {
        if (!token) {
            return;
        }
        Refusal const refusal = life_.refused(now_, token->fingerprint);
        BOOST_TEST(!refusal.diagnosis.empty());
        if (token != current_) {
            BOOST_TEST(refusal.replay, "a late 401 is answered with the newer token");
            BOOST_TEST((life_.token() == current_), "a late 401 drops no newer token");
            dropped_.insert(token->fingerprint);
            return;
        }
        BOOST_TEST(refusal.replay == (life_.token() == nullptr), "the refused token is dropped, or there is no replay");
        if (refusal.replay) {
            dropped_.insert(token->fingerprint);
            current_.reset();
        }
    }

    void credentialsRotate() { version_ = "v" + std::to_string(draw(3)); }

    void reset() {
        life_.reset();
        current_.reset();
        failed_.reset();
        worked_.clear();
        abandoned_ = flying_;
    }

    std::minstd_rand random_;
    Lifecycle life_{TokenPolicy{}};
    SteadyTime now_{1000s};

    bool flying_ = false;
    bool abandoned_ = false;
    std::string flightVersion_;
    SteadyTime left_;
    std::string version_ = "v0";
    std::set<std::string> worked_;
    std::optional<Failed> failed_;
    std::shared_ptr<AccessToken const> current_;
    std::vector<std::shared_ptr<AccessToken const>> issued_;
    std::set<std::string> dropped_;
    int logins_ = 0;
    int uses_ = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(lifecycle_model)

BOOST_DATA_TEST_CASE(invariants_hold_over_random_events, data::make(seeds), seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
        Model(seed).run();
    }
}

BOOST_AUTO_TEST_SUITE_END()
