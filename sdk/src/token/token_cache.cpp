#include "token/fork_registry.hpp"
#include "token/lifecycle.hpp"
#include "token/lifetime.hpp"
#include "token/shared_login.hpp"

#include <httptest/error.hpp>
#include <httptest/token_cache.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <sstream>
#include <thread>
#include <utility>
#include <vector>

namespace httptest::inline v1 {

namespace {

constexpr std::chrono::nanoseconds skewWorthReporting = std::chrono::seconds(5);
/// A caller joins this many logins at most: a server whose tokens are refused as they arrive must not hold it.
constexpr int loginsPerCaller = 3;

std::string seconds(std::chrono::nanoseconds time) {
    std::ostringstream text;
    text.precision(1);
    text << std::fixed << std::chrono::duration<double>(time).count() << " s";
    return text.str();
}

/// A login under way, shared by those who wait for it.
struct Flight {
    SteadyTime startedAt;
    SteadyTime loginStartedAt; ///< After the wait for another process, if there was one.
    int attempt = 1;
    std::string lastFailure; ///< Of the attempt before.
    bool following = false;  ///< Waits for another process's login.
    bool abandoned = false;  ///< By a reset: nobody uses the result.
    bool done = false;
    std::shared_ptr<AccessToken const> token;
    std::optional<LoginFailure> failure;
};

struct Login {
    std::shared_ptr<AccessToken const> token;
    Secret refreshToken;
    std::string hint;
};

} // namespace

class TokenCache::Impl final : public ForkAware {
public:
    explicit Impl(Parts parts) : parts_(std::move(parts)), lifecycle_(parts_.policy), registration_(*this) {}

    ~Impl() override {
        std::unique_ptr<std::jthread> flight;
        {
            std::lock_guard const lock(sync_->mutex);
            flight = std::move(flightThread_);
        }
        // The jthread's destructor requests the stop and joins.
    }

    std::shared_ptr<AccessToken const> acquire(SteadyTime deadline, std::stop_token const& stop) {
        SteadyTime const now = parts_.clock->steady(); // not with the mutex held, for which others wait
        {
            std::lock_guard const lock(sync_->mutex);
            if (auto const& token = lifecycle_.token(); token && now < token->refreshFrom) {
                return token;
            }
        }
        return acquireSlowly(deadline, stop);
    }

    Refusal refused(std::string_view fingerprint) {
        Refusal refusal;
        {
            std::lock_guard const lock(sync_->mutex);
            refusal = lifecycle_.refused(parts_.clock->steady(), fingerprint);
            ++counters_.refusals;
            counters_.replays += refusal.replay ? 1 : 0;
        }
        emit(AuthEvent::Kind::tokenRefused, std::string(fingerprint), refusal.diagnosis);
        return refusal;
    }

    void reset() {
        std::stop_source flight(std::nostopstate);
        {
            std::lock_guard const lock(sync_->mutex);
            lifecycle_.reset();
            refreshToken_ = Secret();
            heedSharedFailures_ = false;
            if (flight_ && !flight_->done && flightThread_) {
                flight_->abandoned = true;
                flight = flightThread_->get_stop_source();
            }
            sync_->changed.notify_all(); // those who wait for a pause to end
        }
        flight.request_stop();
    }

    AuthStatus describe() const {
        AuthStatus status;
        status.account = account();
        status.provider = parts_.provider;
        status.identity = parts_.identity;
        status.store = parts_.store ? parts_.store->describe() : "";
        status.renewable = parts_.source->renewable();
        std::lock_guard const lock(sync_->mutex);
        status.state = httptest::describe(lifecycle_.state(parts_.clock->steady()));
        status.counters = counters_;
        if (LoginFailure const* const failure = lifecycle_.failure()) {
            status.lastError = failure->text;
        }
        if (auto const& token = lifecycle_.token()) {
            status.subject = token->subject;
            status.fingerprint = token->fingerprint;
            status.obtainedAt = token->obtainedAt;
            status.expiresAt = token->expiresAt;
            status.lifetimeSource = token->lifetimeSource;
            status.clockSkew = token->clockSkew;
        }
        return status;
    }

    void beforeFork() override { sync_->mutex.lock(); }
    void afterForkInParent() override { sync_->mutex.unlock(); }

    void afterForkInChild() override {
        // Waiters of the parent are inside the old ones, and its login thread does not exist here: leak all three.
        static_cast<void>(sync_.release());
        sync_ = std::make_unique<Sync>();
        static_cast<void>(flightThread_.release());
        flight_.reset();
        lifecycle_ = Lifecycle(parts_.policy);
        counters_ = {};
        refreshToken_ = Secret();
        generator_.seed(std::random_device{}()); // or parent and child would pause for the same times
    }

private:
    struct Sync {
        std::mutex mutex; // guards everything below parts_
        std::condition_variable changed;
    };

    using Lock = std::unique_lock<std::mutex>;

    /// One call of `acquire` that has no fresh token.
    struct Caller {
        SteadyTime deadline;
        std::stop_token const& stop;
        bool counted = false;
    };

    std::shared_ptr<AccessToken const> acquireSlowly(SteadyTime deadline, std::stop_token const& stop) {
        std::stop_callback const wake(stop, [this] {
            std::lock_guard const lock(sync_->mutex);
            sync_->changed.notify_all();
        });
        Caller caller{deadline, stop};
        bool credentialsChecked = false;
        int refusals = 0;
        Lock lock(sync_->mutex);
        while (true) {
            Lifecycle::Decision const decision = lifecycle_.acquire(parts_.clock->steady(), deadline);
            if (decision.startLogin) {
                startFlight(decision.kind == Lifecycle::Decision::Kind::use);
            }
            switch (decision.kind) {
            case Lifecycle::Decision::Kind::use: return decision.token;
            case Lifecycle::Decision::Kind::awaitTime: waitUntil(decision.when, lock, caller); break;
            case Lifecycle::Decision::Kind::awaitLogin: {
                std::shared_ptr<Flight> const flight = flight_;
                awaitResult(*flight, lock, caller);
                if (flight->abandoned) {
                    break;
                }
                if (!lifecycle_.wasRefused(flight->token->fingerprint)) {
                    return flight->token;
                }
                if (++refusals >= loginsPerCaller) {
                    throw BadLoginReply(refusedAsTheyArrive());
                }
                break;
            }
            case Lifecycle::Decision::Kind::fail:
                if (credentialsChecked || !decision.failure->final() || !credentialsChanged(lock)) {
                    throwFailure(lock);
                }
                credentialsChecked = true;
                break;
            }
        }
    }

    /// Returns when the flight has brought a token or was abandoned.
    void awaitResult(Flight const& flight, Lock& lock, Caller& caller) {
        SteadyTime const since = parts_.clock->steady();
        while (!flight.done && !caller.stop.stop_requested() && parts_.clock->steady() < caller.deadline) {
            parts_.clock->wait(lock, sync_->changed, caller.deadline);
        }
        SteadyTime const now = parts_.clock->steady();
        countWait(caller, now - since);
        if (flight.done) {
            if (flight.failure) {
                LoginFailure const failure = *flight.failure;
                lock.unlock();
                failure.raise();
            }
            return;
        }
        std::string what = std::string(flight.following ? "another process's login (" : "a login (") + account() +
                           ") that has been running for " + seconds(now - flight.startedAt);
        if (!flight.following) {
            what +=
                ", attempt " + std::to_string(flight.attempt) + " of " + std::to_string(parts_.policy.loginAttempts);
        }
        if (!flight.lastFailure.empty()) {
            what += "; the attempt before: " + flight.lastFailure;
        }
        lock.unlock();
        if (caller.stop.stop_requested()) {
            throw Cancelled(Phase::send, "cancelled while waiting for " + what);
        }
        throw LoginTimedOut("the request's time was over after waiting " + seconds(now - since) + " for " + what);
    }

    /// @pre  `when` lies before the caller's deadline.
    void waitUntil(SteadyTime when, Lock& lock, Caller& caller) {
        SteadyTime const since = parts_.clock->steady();
        while (!caller.stop.stop_requested() && parts_.clock->steady() < when && lifecycle_.failure() != nullptr) {
            parts_.clock->wait(lock, sync_->changed, when);
        }
        countWait(caller, parts_.clock->steady() - since);
        if (caller.stop.stop_requested()) {
            lock.unlock();
            throw Cancelled(Phase::send, "cancelled while waiting for the pause after a failed login to end");
        }
    }

    void countWait(Caller& caller, std::chrono::nanoseconds time) {
        counters_.waits += caller.counted ? 0 : 1;
        counters_.waited += time;
        caller.counted = true;
    }

    [[noreturn]] void throwFailure(Lock& lock) const {
        LoginFailure failure = *lifecycle_.failure();
        std::chrono::nanoseconds const left = lifecycle_.pausedUntil() - parts_.clock->steady();
        lock.unlock();
        if (!failure.final()) {
            failure.text += " (this login failed before; the next one may start in " + seconds(left) + ")";
        }
        failure.raise();
    }

    std::string refusedAsTheyArrive() const {
        return "could not log in (" + account() + "): " + std::to_string(loginsPerCaller) +
               " tokens in a row were refused before they could be used";
    }

    /// A login has yielded the token that the API had refused.
    LoginFailure refusedAgain() const {
        LoginFailure failure;
        failure.text = "could not log in (" + account() + "): ";
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

    /// Looks at the credentials without the lock: that may read a file.
    bool credentialsChanged(Lock& lock) {
        lock.unlock();
        std::string const version = credentialVersion();
        lock.lock();
        return lifecycle_.credentialsSeen(version);
    }

    void startFlight(bool ahead) {
        auto flight = std::make_shared<Flight>();
        flight->startedAt = parts_.clock->steady();
        flight_ = flight;
        counters_.refreshesAhead += ahead ? 1 : 0;
        // The last flight's thread has set `done` under the mutex as its last deed: joining it here is immediate.
        flightThread_.reset();
        try {
            flightThread_ =
                std::make_unique<std::jthread>([this, flight](std::stop_token const& stop) { fly(*flight, stop); });
        } catch (std::system_error const& error) {
            LoginFailure failure;
            failure.kind = LoginFailure::Kind::unavailable;
            failure.text = std::string("could not log in: no thread for it: ") + error.what();
            finish(*flight, std::move(failure), {});
        }
    }

    /// One login with its retries, on the flight's own thread; first a look at what other processes have.
    void fly(Flight& flight, std::stop_token const& stop) {
        std::vector<std::string> causes;
        for (int rotations = 0; rotations < parts_.policy.loginAttempts; ++rotations) {
            std::string const version = credentialVersion();
            SharedLogin shared(parts_.store, *parts_.source, *parts_.clock, parts_.policy);
            if (joinOthers(flight, shared, version, stop) || logInWithRetries(flight, shared, version, causes, stop)) {
                return;
            }
        }
    }

    /// Returns whether what another process found has ended the flight.
    bool joinOthers(Flight& flight, SharedLogin& shared, std::string const& version, std::stop_token const& stop) {
        SharedLogin::Rules rules;
        std::string current;
        {
            std::lock_guard const lock(sync_->mutex);
            current = lifecycle_.token() ? lifecycle_.token()->fingerprint : "";
            rules.heedFailures = heedSharedFailures_;
            rules.jitter = random();
        }
        rules.usable = [&](AccessToken const& token) {
            std::lock_guard const lock(sync_->mutex);
            return token.fingerprint != current && !lifecycle_.wasRefused(token.fingerprint);
        };
        rules.follows = [&] { setFollowing(flight, true); };
        SharedLogin::Found found = shared.join(rules, stop);
        setFollowing(flight, false);
        if (found.token) {
            emit(AuthEvent::Kind::tokenShared, found.token->fingerprint, successText(*found.token));
            std::lock_guard const lock(sync_->mutex);
            counters_.storeIgnored += shared.ignored();
            land(flight, {std::move(found.token), {}, {}}, version, true);
            return true;
        }
        if (found.failure) {
            emit(AuthEvent::Kind::loginFailed, {}, found.failure->text);
        }
        std::lock_guard const lock(sync_->mutex);
        counters_.storeIgnored += shared.ignored();
        if (found.failure) {
            finish(flight, *std::move(found.failure), version);
            return true;
        }
        flight.loginStartedAt = parts_.clock->steady();
        return false;
    }

    void setFollowing(Flight& flight, bool following) {
        std::lock_guard const lock(sync_->mutex);
        flight.following = following;
    }

    /// Returns false when the credentials have changed since `version`: those should be tried.
    bool logInWithRetries(Flight& flight, SharedLogin& shared, std::string const& version,
                          std::vector<std::string>& causes, std::stop_token const& stop) {
        SteadyTime const deadline = flight.loginStartedAt + parts_.policy.loginTimeout;
        emit(AuthEvent::Kind::loginStarted, {}, account());
        while (true) {
            LoginFailure failure;
            try {
                Login login = logIn(shared.hint(), deadline, stop);
                emit(AuthEvent::Kind::loginSucceeded, login.token->fingerprint, successText(*login.token));
                shared.publish(*login.token, std::move(login.hint));
                std::lock_guard const lock(sync_->mutex);
                land(flight, std::move(login), version, false);
                return true;
            } catch (...) {
                failure = LoginFailure::from(std::current_exception(), account());
            }
            if (failure.kind == LoginFailure::Kind::cancelled && !stop.stop_requested()) {
                failure.kind = LoginFailure::Kind::unreachable; // somebody else's: it must lead to a pause
            }
            causes.push_back(failure.text);
            auto const attempt = static_cast<int>(causes.size());
            Next const next = afterFailure(failure, version, attempt, deadline, stop);
            if (next == Next::giveUp) {
                failure.text = withCauses(causes);
                emit(AuthEvent::Kind::loginFailed, {}, failure.text);
                giveUp(flight, shared, std::move(failure), version);
                return true;
            }
            {
                std::lock_guard const lock(sync_->mutex);
                flight.attempt = attempt + 1;
                flight.lastFailure = causes.back();
            }
            if (next == Next::newCredentials) {
                return false;
            }
        }
    }

    void giveUp(Flight& flight, SharedLogin& shared, LoginFailure failure, std::string const& version) {
        if (failure.kind != LoginFailure::Kind::cancelled) {
            std::unique_lock lock(sync_->mutex);
            failure.pausedUntil = lifecycle_.pauseAfter(parts_.clock->steady(), failure, random());
            lock.unlock();
            shared.publish(failure, *failure.pausedUntil);
        }
        std::lock_guard const lock(sync_->mutex);
        finish(flight, std::move(failure), version);
    }

    /// One attempt; a refused refresh token is followed by the credentials themselves.
    Login logIn(std::string const& hint, SteadyTime deadline, std::stop_token const& stop) {
        Secret refreshToken;
        {
            std::lock_guard const lock(sync_->mutex);
            refreshToken = refreshToken_.clone();
        }
        if (!refreshToken.empty()) {
            try {
                return fetch(&refreshToken, hint, deadline, stop);
            } catch (CredentialsRejected const&) {
                // It may have ended before its time: the credentials decide.
                std::lock_guard const lock(sync_->mutex);
                refreshToken_ = Secret();
            }
        }
        return fetch(nullptr, hint, deadline, stop);
    }

    Login fetch(Secret const* refreshToken, std::string const& hint, SteadyTime deadline, std::stop_token const& stop) {
        double jitter = 0;
        {
            std::lock_guard const lock(sync_->mutex);
            ++counters_.loginAttempts;
            jitter = random();
        }
        Instant const left = parts_.clock->now();
        Token token = parts_.source->fetch({*parts_.transport, *parts_.clock, deadline, stop, refreshToken, hint});
        if (token.accessToken.empty()) {
            throw BadLoginReply("could not log in (" + account() + "): the token source returned an empty token");
        }
        Login login{accessToken(token, left, parts_.clock->now(), parts_.policy, jitter), std::move(token.refreshToken),
                    std::move(token.hint)};
        std::lock_guard const lock(sync_->mutex);
        if (lifecycle_.wasRefused(login.token->fingerprint)) {
            refusedAgain().raise();
        }
        return login;
    }

    enum class Next { again, newCredentials, giveUp };

    /// What to do after a failed attempt; waits for as long as the next one is to wait.
    Next afterFailure(LoginFailure const& failure, std::string const& version, int attempt, SteadyTime deadline,
                      std::stop_token const& stop) {
        if (attempt >= parts_.policy.loginAttempts || stop.stop_requested()) {
            return Next::giveUp;
        }
        if (failure.kind == LoginFailure::Kind::rejected && credentialVersion() != version) {
            emit(AuthEvent::Kind::loginRetried, {}, "the credentials have changed meanwhile: " + failure.text);
            return Next::newCredentials;
        }
        if (!failure.worthRetrying()) {
            return Next::giveUp;
        }
        std::chrono::nanoseconds pause{0};
        {
            std::lock_guard const lock(sync_->mutex);
            pause = std::max(backoff(parts_.policy, attempt, random()), failure.retryAfter.value_or(pause));
        }
        SteadyTime const until = parts_.clock->steady() + pause;
        if (until >= deadline) {
            return Next::giveUp;
        }
        emit(AuthEvent::Kind::loginRetried, {}, "in " + seconds(pause) + ": " + failure.text);
        return parts_.clock->sleepUntil(until, stop) ? Next::again : Next::giveUp;
    }

    /// The last attempt's failure, and those before it that were different.
    static std::string withCauses(std::vector<std::string> const& causes) {
        std::string text = causes.back();
        if (causes.size() == 1) {
            return text;
        }
        text += " (after " + std::to_string(causes.size()) + " attempts";
        for (std::size_t i = 0; i + 1 < causes.size(); ++i) {
            if (causes[i] != causes.back()) {
                text += "; attempt " + std::to_string(i + 1) + ": " + causes[i];
            }
        }
        return text + ")";
    }

    /// @pre The mutex is held.
    void land(Flight& flight, Login login, std::string const& version, bool ofOthers) {
        if (flight.abandoned) {
            end(flight);
            return;
        }
        if (lifecycle_.wasRefused(login.token->fingerprint)) {
            finish(flight, refusedAgain(), version);
            return;
        }
        ++(ofOthers ? counters_.storeHits : counters_.logins);
        heedSharedFailures_ = true;
        refreshToken_ = std::move(login.refreshToken);
        lifecycle_.loginSucceeded(login.token, version);
        flight.token = std::move(login.token);
        end(flight);
    }

    /// @pre The mutex is held.
    void finish(Flight& flight, LoginFailure failure, std::string version) {
        if (!flight.abandoned) {
            counters_.throttles += failure.kind == LoginFailure::Kind::throttled ? 1 : 0;
            counters_.rejections += failure.kind == LoginFailure::Kind::rejected ? 1 : 0;
            flight.failure = failure;
            lifecycle_.loginFailed(parts_.clock->steady(), std::move(failure), random(), std::move(version));
        }
        end(flight);
    }

    /// @pre The mutex is held.
    void end(Flight& flight) {
        lifecycle_.loginEnded();
        flight.done = true;
        sync_->changed.notify_all();
    }

    /// A plugin's text; one that throws must not end the process.
    std::string account() const {
        try {
            return parts_.source->describe();
        } catch (std::exception const&) {
            return parts_.provider + " '" + parts_.identity + "'";
        }
    }

    /// Credentials that cannot be read are another version than any that can.
    std::string credentialVersion() const {
        try {
            return parts_.source->credentialVersion();
        } catch (std::exception const&) {
            return "unreadable";
        }
    }

    std::string successText(AccessToken const& token) const {
        std::string text =
            "lifetime " + seconds(token.expiresAt - token.obtainedAt) + " (" + token.lifetimeSource + ")";
        if (std::chrono::abs(token.clockSkew) > skewWorthReporting) {
            text += "; the server's clock differs by " + seconds(token.clockSkew);
        }
        return text;
    }

    void emit(AuthEvent::Kind kind, std::string fingerprint, std::string text) const {
        if (parts_.events) {
            parts_.events({kind, parts_.identity, std::move(fingerprint), std::move(text)});
        }
    }

    double random() { return std::uniform_real_distribution<double>(0, 1)(generator_); }

    Parts const parts_;
    std::unique_ptr<Sync> sync_ = std::make_unique<Sync>();
    Lifecycle lifecycle_;
    std::shared_ptr<Flight> flight_; ///< The latest; its fields are guarded too.
    std::unique_ptr<std::jthread> flightThread_;
    Secret refreshToken_;
    bool heedSharedFailures_ = true; ///< Not between a reset and the next login that works.
    AuthCounters counters_;
    std::minstd_rand generator_{std::random_device{}()};
    ForkRegistration registration_;
};

TokenCache::TokenCache(Parts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {}
TokenCache::~TokenCache() = default;

std::shared_ptr<AccessToken const> TokenCache::acquire(SteadyTime deadline, std::stop_token const& stop) {
    return impl_->acquire(deadline, stop);
}

Refusal TokenCache::refused(std::string_view fingerprint) {
    return impl_->refused(fingerprint);
}

void TokenCache::reset() {
    impl_->reset();
}

AuthStatus TokenCache::describe() const {
    return impl_->describe();
}

} // namespace httptest::v1
