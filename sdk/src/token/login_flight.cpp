#include "token/login_flight.hpp"

#include "time_text.hpp"
#include "token/lifetime.hpp"
#include "token/plugin_answers.hpp"

#include <httptest/error.hpp>

#include <algorithm>
#include <mutex>
#include <utility>

namespace httptest::inline v1 {

namespace {

constexpr std::chrono::nanoseconds skewWorthReporting = std::chrono::seconds(5);

} // namespace

LoginFlight::LoginFlight(TokenCache::Parts const& parts, TokenState& state, std::shared_ptr<Flight> flight,
                         std::stop_token stop)
    : parts_(parts),
      state_(state),
      flight_(std::move(flight)),
      stop_(std::move(stop)) {}

void LoginFlight::run() {
    for (int rotations = 0; rotations < parts_.policy.loginAttempts; ++rotations) {
        version_ = credentialVersion(*parts_.source);
        SharedLogin shared(parts_.store, *parts_.source, *parts_.clock, parts_.policy);
        if (joinOthers(shared) || logInWithRetries(shared)) {
            return;
        }
    }
}

/// Returns whether what another process found has ended the flight.
bool LoginFlight::joinOthers(SharedLogin& shared) {
    SharedLogin::Rules rules;
    std::string current;
    {
        std::lock_guard const lock(state_.sync->mutex);
        current = state_.lifecycle.token() ? state_.lifecycle.token()->fingerprint : "";
        rules.heedFailures = state_.heedSharedFailures;
        rules.jitter = state_.random();
    }
    rules.usable = [&](AccessToken const& token) {
        std::lock_guard const lock(state_.sync->mutex);
        return token.fingerprint != current && !state_.lifecycle.wasRefused(token.fingerprint);
    };
    rules.follows = [&] { setFollowing(true); };
    SharedLogin::Found found = shared.join(rules, stop_);
    setFollowing(false);
    if (found.token) {
        emit(AuthEvent::Kind::tokenShared, found.token->fingerprint, successText(*found.token));
    } else if (found.failure) {
        emit(AuthEvent::Kind::loginFailed, {}, found.failure->text);
    }
    std::lock_guard const lock(state_.sync->mutex);
    state_.counters.storeIgnored += shared.ignored();
    if (found.token) {
        land({std::move(found.token), {}, {}}, Owner::others);
        return true;
    }
    if (found.failure) {
        fail(*std::move(found.failure));
        return true;
    }
    flight_->loginStartedAt = parts_.clock->steady();
    return false;
}

void LoginFlight::setFollowing(bool following) {
    std::lock_guard const lock(state_.sync->mutex);
    flight_->following = following;
}

/// Returns false when the credentials have changed meanwhile: the new ones should be tried.
bool LoginFlight::logInWithRetries(SharedLogin& shared) {
    SteadyTime const deadline = flight_->loginStartedAt + parts_.policy.loginTimeout;
    emit(AuthEvent::Kind::loginStarted, {}, account(parts_));
    while (true) {
        LoginFailure failure;
        try {
            Login login = logIn(shared.hint(), deadline);
            emit(AuthEvent::Kind::loginSucceeded, login.token->fingerprint, successText(*login.token));
            shared.publish(*login.token, std::move(login.hint));
            std::lock_guard const lock(state_.sync->mutex);
            land(std::move(login), Owner::us);
            return true;
        } catch (...) {
            failure = LoginFailure::from(std::current_exception(), account(parts_));
        }
        if (failure.kind == LoginFailure::Kind::cancelled && !stop_.stop_requested()) {
            failure.kind = LoginFailure::Kind::unreachable; // somebody else's: it must lead to a pause
        }
        causes_.push_back(failure.text);
        Next const next = afterFailure(failure, deadline);
        if (next == Next::giveUp) {
            failure.text = withCauses();
            emit(AuthEvent::Kind::loginFailed, {}, failure.text);
            giveUp(shared, std::move(failure));
            return true;
        }
        {
            std::lock_guard const lock(state_.sync->mutex);
            flight_->attempt = static_cast<int>(causes_.size()) + 1;
            flight_->lastFailure = causes_.back();
        }
        if (next == Next::newCredentials) {
            return false;
        }
    }
}

/// One attempt; a refused refresh token is followed by the credentials themselves.
LoginFlight::Login LoginFlight::logIn(std::string const& hint, SteadyTime deadline) {
    Secret refreshToken;
    {
        std::lock_guard const lock(state_.sync->mutex);
        refreshToken = state_.refreshToken.clone();
    }
    if (!refreshToken.empty()) {
        try {
            return fetch(&refreshToken, hint, deadline);
        } catch (CredentialsRejected const&) {
            // It may have ended before its time: the credentials decide.
            std::lock_guard const lock(state_.sync->mutex);
            state_.refreshToken = Secret();
        }
    }
    return fetch(nullptr, hint, deadline);
}

LoginFlight::Login LoginFlight::fetch(Secret const* refreshToken, std::string const& hint, SteadyTime deadline) {
    double jitter = 0;
    {
        std::lock_guard const lock(state_.sync->mutex);
        ++state_.counters.loginAttempts;
        jitter = state_.random();
    }
    Instant const left = parts_.clock->now();
    Token token = parts_.source->fetch({*parts_.transport, *parts_.clock, deadline, stop_, refreshToken, hint});
    if (token.accessToken.empty()) {
        throw BadLoginReply("could not log in (" + account(parts_) + "): the token source returned an empty token");
    }
    Login login{accessToken(token, left, parts_.clock->now(), parts_.policy, jitter), std::move(token.refreshToken),
                std::move(token.hint)};
    std::lock_guard const lock(state_.sync->mutex);
    if (state_.lifecycle.wasRefused(login.token->fingerprint)) {
        refusedAgain().raise();
    }
    return login;
}

/// What to do after a failed attempt; waits for as long as the next one is to wait.
LoginFlight::Next LoginFlight::afterFailure(LoginFailure const& failure, SteadyTime deadline) {
    auto const attempt = static_cast<int>(causes_.size());
    if (attempt >= parts_.policy.loginAttempts || stop_.stop_requested()) {
        return Next::giveUp;
    }
    if (failure.kind == LoginFailure::Kind::rejected && credentialVersion(*parts_.source) != version_) {
        emit(AuthEvent::Kind::loginRetried, {}, "the credentials have changed meanwhile: " + failure.text);
        return Next::newCredentials;
    }
    if (!failure.worthRetrying()) {
        return Next::giveUp;
    }
    std::chrono::nanoseconds pause{0};
    {
        std::lock_guard const lock(state_.sync->mutex);
        pause = std::max(backoff(parts_.policy, attempt, state_.random()), failure.retryAfter.value_or(pause));
    }
    SteadyTime const until = parts_.clock->steady() + pause;
    if (until >= deadline) {
        return Next::giveUp;
    }
    emit(AuthEvent::Kind::loginRetried, {}, "in " + seconds(pause) + ": " + failure.text);
    return parts_.clock->sleepUntil(until, stop_) ? Next::again : Next::giveUp;
}

void LoginFlight::giveUp(SharedLogin& shared, LoginFailure failure) {
    if (failure.kind != LoginFailure::Kind::cancelled) {
        std::unique_lock lock(state_.sync->mutex);
        failure.pausedUntil = state_.lifecycle.pauseAfter(parts_.clock->steady(), failure, state_.random());
        lock.unlock();
        shared.publish(failure, *failure.pausedUntil);
    }
    std::lock_guard const lock(state_.sync->mutex);
    fail(std::move(failure));
}

/// A login has yielded the token that the API had refused.
LoginFailure LoginFlight::refusedAgain() const {
    LoginFailure failure;
    failure.text = "could not log in (" + account(parts_) + "): ";
    if (parts_.source->renewable()) {
        failure.text += "it returned the token that the API had refused before";
    } else {
        failure.kind = LoginFailure::Kind::rejected;
        failure.text +=
            "the API refuses this token, and no other has come in its place; revoked, or another "
            "control plane's? Whoever issues it must renew it";
    }
    return failure;
}

/// The last attempt's failure, and those before it that were different.
std::string LoginFlight::withCauses() const {
    std::string text = causes_.back();
    if (causes_.size() == 1) {
        return text;
    }
    text += " (after " + std::to_string(causes_.size()) + " attempts";
    for (std::size_t i = 0; i + 1 < causes_.size(); ++i) {
        if (causes_[i] != causes_.back()) {
            text += "; attempt " + std::to_string(i + 1) + ": " + causes_[i];
        }
    }
    return text + ")";
}

std::string LoginFlight::successText(AccessToken const& token) const {
    std::string text = "lifetime " + seconds(token.expiresAt - token.obtainedAt) + " (" + token.lifetimeSource + ")";
    if (std::chrono::abs(token.clockSkew) > skewWorthReporting) {
        text += "; the server's clock differs by " + seconds(token.clockSkew);
    }
    return text;
}

void LoginFlight::emit(AuthEvent::Kind kind, std::string fingerprint, std::string text) const {
    if (parts_.events) {
        parts_.events({kind, parts_.identity, std::move(fingerprint), std::move(text)});
    }
}

void LoginFlight::land(Login login, Owner owner) {
    if (flight_->abandoned) {
        end();
        return;
    }
    if (state_.lifecycle.wasRefused(login.token->fingerprint)) {
        fail(refusedAgain());
        return;
    }
    ++(owner == Owner::us ? state_.counters.logins : state_.counters.storeHits);
    state_.heedSharedFailures = true;
    state_.refreshToken = std::move(login.refreshToken);
    state_.lifecycle.loginSucceeded(login.token, version_);
    flight_->token = std::move(login.token);
    end();
}

void LoginFlight::fail(LoginFailure failure) {
    if (!flight_->abandoned) {
        state_.counters.throttles += failure.kind == LoginFailure::Kind::throttled ? 1 : 0;
        state_.counters.rejections += failure.kind == LoginFailure::Kind::rejected ? 1 : 0;
        flight_->failure = failure;
        state_.lifecycle.loginFailed(parts_.clock->steady(), std::move(failure), state_.random(), version_);
    }
    end();
}

void LoginFlight::end() {
    state_.lifecycle.loginEnded();
    flight_->done = true;
    state_.sync->changed.notify_all();
}

} // namespace httptest::v1
