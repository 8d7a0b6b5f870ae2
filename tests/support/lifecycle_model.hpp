#pragma once

#include "token/lifecycle.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace httptest::model {

using namespace std::chrono_literals;

/// Draws events, and keeps beside the core what a suite would have seen, to hold the core against it.
class LifecycleModel {
public:
    /// Returns a number below the given one.
    using Draw = std::function<std::uint32_t(std::uint32_t below)>;
    /// Told of each promise whether it was kept.
    using Check = std::function<void(bool held, char const* promise)>;

    LifecycleModel(Draw draw, Check check) : draw_(std::move(draw)), check_(std::move(check)) {}

    /// One event.
    void step() {
        switch (draw_(12)) {
        case 0:
        case 1: timePasses(); break;
        case 2:
        case 3: loginEnds(); break;
        case 4: answers401(current_); break;
        case 5: answers401(anyIssued()); break;
        case 6: credentialsRotate(); break;
        case 7: draw_(20) == 0 ? reset() : timePasses(); break;
        // A caller that gives up or is cancelled is no event of the core: it only stops to ask.
        default: callerAsks(); break;
        }
    }

    int logins() const { return logins_; }
    int uses() const { return uses_; }

private:
    using Kind = LoginFailure::Kind;
    using Decision = Lifecycle::Decision::Kind;

    struct Failed {
        Kind kind;
        SteadyTime until;
        std::string version;
    };

    double jitter() { return draw_(101) / 100.0; }

    std::chrono::nanoseconds drawTime(std::initializer_list<std::chrono::nanoseconds> choices) {
        return choices.begin()[draw_(static_cast<std::uint32_t>(choices.size()))];
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
        check_(valid == (decision.kind == Decision::use), "a valid token is never withheld, another never given out");
        switch (decision.kind) {
        case Decision::use: tokenIsSent(*decision.token); break;
        case Decision::awaitLogin: check_(flying_, "nobody waits for a login that does not run"); break;
        case Decision::awaitTime:
            check_((decision.when > now_), "a wait has a length");
            check_((decision.when < deadline), "nobody is told to wait past its deadline");
            check_((failed_ && decision.when == failed_->until), "a wait ends with the pause");
            break;
        case Decision::fail:
            check_(failed_.has_value(), "nobody fails without a failed login");
            if (!failed_) {
                return;
            }
            check_((decision.failure->kind == failed_->kind), "the failure is that of the last login");
            check_(!flying_, "nobody fails while a login runs");
            break;
        }
    }

    void loginStarts() {
        check_(!flying_, "one login at most");
        if (failed_) {
            check_((now_ >= failed_->until), "no login while cooling or rejected");
            bool const isFinal = failed_->kind == Kind::rejected || failed_->kind == Kind::misconfigured ||
                                 failed_->kind == Kind::tls || failed_->kind == Kind::proxyRefused;
            check_((!isFinal || worked_.contains(failed_->version)), "no login with credentials that never worked");
        }
        flying_ = true;
        flightVersion_ = version_;
        left_ = now_;
        ++logins_;
    }

    void tokenIsSent(AccessToken const& token) {
        ++uses_;
        check_(!dropped_.contains(token.fingerprint), "a dropped token is never sent again");
        check_(token.fingerprint == current_->fingerprint, "the newest token is the one that is sent");
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
        if (draw_(2) == 0) {
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
        failure.kind = static_cast<Kind>(draw_(9));
        if (draw_(3) == 0) {
            failure.retryAfter = drawTime({0s, 1s, 30s, 1h});
        }
        if (failure.kind != Kind::cancelled) {
            failed_ = Failed{failure.kind, {}, flightVersion_};
        }
        life_.loginFailed(now_, failure, jitter(), flightVersion_);
        if (failure.kind != Kind::cancelled) {
            failed_->until = life_.pausedUntil();
            check_((failed_->until > now_), "a failure is followed by a pause");
            check_((failed_->until <= now_ + 5min + 500ms), "a pause is bounded");
        }
    }

    std::shared_ptr<AccessToken const> anyIssued() {
        return issued_.empty() ? nullptr : issued_[draw_(static_cast<std::uint32_t>(issued_.size()))];
    }

    void answers401(std::shared_ptr<AccessToken const> const& token) {
        if (!token) {
            return;
        }
        Refusal const refusal = life_.refused(now_, token->fingerprint);
        check_(!refusal.diagnosis.empty(), "a refusal has its diagnosis");
        if (token != current_) {
            check_(refusal.replay, "a late 401 is answered with the newer token");
            check_((life_.token() == current_), "a late 401 drops no newer token");
            dropped_.insert(token->fingerprint);
            return;
        }
        check_(refusal.replay == (life_.token() == nullptr), "the refused token is dropped, or there is no replay");
        if (refusal.replay) {
            dropped_.insert(token->fingerprint);
            current_.reset();
        }
    }

    void credentialsRotate() { version_ = "v" + std::to_string(draw_(3)); }

    void reset() {
        life_.reset();
        current_.reset();
        failed_.reset();
        worked_.clear();
        abandoned_ = flying_;
    }

    Draw draw_;
    Check check_;
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

} // namespace httptest::model
