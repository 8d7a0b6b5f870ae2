#include "token/lifecycle.hpp"

#include "token/lifetime.hpp"

#include <algorithm>
#include <utility>

namespace httptest::inline v1 {

namespace {

constexpr std::size_t refusedKept = 64;
/// When a token is refused at birth that was fetched because its predecessor was refused, logging in does not help.
constexpr std::chrono::nanoseconds refusalPause = std::chrono::minutes(1);
/// A pause drawn as zero would let a failing login be repeated in a loop.
constexpr std::chrono::nanoseconds shortestPause = std::chrono::milliseconds(100);

} // namespace

std::chrono::nanoseconds backoff(TokenPolicy const& policy, int failures, double jitter) {
    std::chrono::nanoseconds ceiling = policy.firstBackoff;
    for (int i = 1; i < failures && ceiling < policy.longestBackoff; ++i) {
        ceiling *= 2;
    }
    ceiling = std::min(ceiling, policy.longestBackoff);
    auto const drawn = std::chrono::duration_cast<std::chrono::nanoseconds>(ceiling * jitter);
    return std::max(drawn, std::min(shortestPause, ceiling));
}

bool Lifecycle::mayLogIn(SteadyTime now) const {
    if (loginUnderWay_) {
        return false;
    }
    if (!failure_) {
        return true;
    }
    bool const passes = !failure_->final() || failure_->ofOthers || workedVersion_ == failedVersion_;
    return passes && now >= pausedUntil_;
}

Lifecycle::Decision Lifecycle::acquire(SteadyTime now, SteadyTime deadline) {
    if (token_ && now < token_->usableUntil) {
        bool const start = now >= token_->refreshFrom && mayLogIn(now);
        loginUnderWay_ = loginUnderWay_ || start;
        return {Decision::Kind::use, token_, start, {}, nullptr};
    }
    if (loginUnderWay_) {
        return {Decision::Kind::awaitLogin, nullptr, false, {}, nullptr};
    }
    if (mayLogIn(now)) {
        loginUnderWay_ = true;
        return {Decision::Kind::awaitLogin, nullptr, true, {}, nullptr};
    }
    bool const passes = !failure_->final();
    if (passes && deadline > pausedUntil_) {
        return {Decision::Kind::awaitTime, nullptr, false, pausedUntil_, nullptr};
    }
    return {Decision::Kind::fail, nullptr, false, pausedUntil_, &*failure_};
}

bool Lifecycle::credentialsSeen(std::string_view version) {
    if (!failure_ || !failure_->final() || version == failedVersion_) {
        return false;
    }
    failure_.reset();
    failuresInARow_ = 0;
    return true;
}

void Lifecycle::loginSucceeded(std::shared_ptr<AccessToken const> token, std::string version) {
    loginUnderWay_ = false;
    workedVersion_ = std::move(version);
    failure_.reset();
    failuresInARow_ = 0;
    tokenFollowsRefusal_ = std::exchange(loginFollowsRefusal_, false);
    token_ = std::move(token);
}

void Lifecycle::loginFailed(SteadyTime now, LoginFailure failure, double jitter, std::string version) {
    loginUnderWay_ = false;
    if (failure.kind == LoginFailure::Kind::cancelled) {
        return;
    }
    pausedUntil_ = pauseAfter(now, failure, jitter);
    ++failuresInARow_;
    failure_ = std::move(failure);
    failedVersion_ = std::move(version);
}

SteadyTime Lifecycle::pauseAfter(SteadyTime now, LoginFailure const& failure, double jitter) const {
    if (failure.pausedUntil) {
        return *failure.pausedUntil;
    }
    // The flight has made the first pauses itself, so that this one starts a step higher.
    std::chrono::nanoseconds pause = backoff(policy_, failuresInARow_ + 2, jitter);
    if (failure.final()) {
        pause = policy_.rejectionPause;
    } else if (failure.kind == LoginFailure::Kind::badReply) {
        pause = policy_.badReplyPause;
    } else if (failure.retryAfter && failure.retryAfter->count() > 0) {
        // Jitter on top: everybody was told the same moment.
        auto const spread = std::chrono::duration_cast<std::chrono::nanoseconds>(policy_.firstBackoff * jitter);
        pause = std::min(*failure.retryAfter, policy_.longestRetryAfter) + spread;
    }
    return now + pause;
}

Refusal Lifecycle::refused(SteadyTime now, std::string_view fingerprint) {
    if (!token_ || token_->fingerprint != fingerprint) {
        // A late answer to an older token: there is a newer one, or will be.
        drop(fingerprint);
        return {true, "the token had been replaced meanwhile"};
    }
    bool const early = newborn(now);
    if (early && tokenFollowsRefusal_) {
        refusalsIgnoredUntil_ = now + refusalPause;
    }
    if (now < refusalsIgnoredUntil_ && now < token_->expiresAt) {
        return {false,
                "two tokens in a row were refused right after their login, so the login is not repeated for a minute; "
                "wrong tenant, wrong issuer, or an endpoint that does not take this kind of token?"};
    }
    bool const beyond = now >= token_->expiresAt;
    drop(fingerprint);
    token_.reset();
    loginFollowsRefusal_ = true;
    if (beyond) {
        return {true, "the token had expired"};
    }
    return {true, early ? "the token was refused right after its login; wrong tenant, wrong issuer?"
                        : "the token was refused before its time; revoked, or the server's key has changed?"};
}

/// Too young to have expired on the server, however its clock is rounded.
bool Lifecycle::newborn(SteadyTime now) const {
    auto const age = now - token_->obtainedAt;
    auto const lifetime = token_->expiresAt - token_->obtainedAt;
    return age <= policy_.newbornAge && age < std::max(lifetime - expiryResolution, lifetime / 2);
}

void Lifecycle::drop(std::string_view fingerprint) {
    if (wasRefused(fingerprint)) {
        return;
    }
    refused_.emplace_back(fingerprint);
    if (refused_.size() > refusedKept) {
        refused_.pop_front();
    }
}

bool Lifecycle::wasRefused(std::string_view fingerprint) const {
    return std::find(refused_.begin(), refused_.end(), fingerprint) != refused_.end();
}

void Lifecycle::reset() {
    token_.reset();
    workedVersion_.reset();
    failure_.reset();
    failuresInARow_ = 0;
    refusalsIgnoredUntil_ = {};
    loginFollowsRefusal_ = false;
    tokenFollowsRefusal_ = false;
}

Lifecycle::State Lifecycle::state(SteadyTime now) const {
    if (token_ && now < token_->usableUntil) {
        return now < token_->refreshFrom ? State::fresh : State::stale;
    }
    if (failure_ && failure_->final()) {
        return State::rejected;
    }
    if (failure_ && now < pausedUntil_) {
        return State::cooling;
    }
    return token_ ? State::expired : State::empty;
}

char const* describe(Lifecycle::State state) noexcept {
    switch (state) {
    case Lifecycle::State::empty: return "empty";
    case Lifecycle::State::fresh: return "fresh";
    case Lifecycle::State::stale: return "stale";
    case Lifecycle::State::expired: return "expired";
    case Lifecycle::State::rejected: return "rejected";
    case Lifecycle::State::cooling: return "cooling";
    }
    return "unknown";
}

} // namespace httptest::v1
