#include "token/fork_registry.hpp"
#include "token/lifecycle.hpp"
#include "token/lifetime.hpp"

#include <httptest/error.hpp>
#include <httptest/token_cache.hpp>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <sstream>
#include <thread>
#include <utility>

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
    int attempt = 1;
    bool done = false;
    std::shared_ptr<AccessToken const> token;
    std::optional<LoginFailure> failure;
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
        {
            std::lock_guard const lock(sync_->mutex);
            if (auto const& token = lifecycle_.token(); token && parts_.clock->steady() < token->refreshFrom) {
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
        std::lock_guard const lock(sync_->mutex);
        lifecycle_.reset();
    }

    AuthStatus describe() const {
        AuthStatus status;
        status.account = parts_.source->describe();
        status.provider = parts_.provider;
        status.identity = parts_.identity;
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
    }

private:
    struct Sync {
        std::mutex mutex; // guards everything below parts_
        std::condition_variable changed;
    };

    using Lock = std::unique_lock<std::mutex>;

    std::shared_ptr<AccessToken const> acquireSlowly(SteadyTime deadline, std::stop_token const& stop) {
        std::stop_callback const wake(stop, [this] {
            std::lock_guard const lock(sync_->mutex);
            sync_->changed.notify_all();
        });
        bool credentialsChecked = false;
        int joined = 0;
        Lock lock(sync_->mutex);
        while (true) {
            Lifecycle::Decision const decision = lifecycle_.acquire(parts_.clock->steady(), deadline);
            if (decision.startLogin) {
                startFlight(decision.kind == Lifecycle::Decision::Kind::use);
            }
            switch (decision.kind) {
            case Lifecycle::Decision::Kind::use: return decision.token;
            case Lifecycle::Decision::Kind::awaitTime: waitFor(lock, deadline, decision.when, stop); break;
            case Lifecycle::Decision::Kind::awaitLogin:
                if (auto token = resultOf(flight_, lock, deadline, stop); token || ++joined >= loginsPerCaller) {
                    return token ? token : throw BadLoginReply(refusedAsTheyArrive());
                }
                break;
            case Lifecycle::Decision::Kind::fail:
                if (credentialsChecked || !decision.failure->final() || !credentialsChangedSinceFailure(lock)) {
                    throwFailure(lock);
                }
                credentialsChecked = true;
                break;
            }
        }
    }

    /// The flight's token, or nothing when the server has refused it before this waiter came to use it.
    std::shared_ptr<AccessToken const> resultOf(std::shared_ptr<Flight> const flight, Lock& lock, SteadyTime deadline,
                                                std::stop_token const& stop) {
        SteadyTime const since = parts_.clock->steady();
        ++counters_.waits;
        while (!flight->done && !stop.stop_requested() && parts_.clock->steady() < deadline) {
            parts_.clock->wait(lock, sync_->changed, deadline);
        }
        SteadyTime const now = parts_.clock->steady();
        counters_.waited += now - since;
        if (flight->done) {
            if (flight->failure) {
                LoginFailure const failure = *flight->failure;
                lock.unlock();
                failure.raise();
            }
            return lifecycle_.wasRefused(flight->token->fingerprint) ? nullptr : flight->token;
        }
        std::string const what = "a login (" + parts_.source->describe() + ") that has been running for " +
                                 seconds(now - flight->startedAt) + ", attempt " + std::to_string(flight->attempt) + " of " +
                                 std::to_string(parts_.policy.loginAttempts);
        lock.unlock();
        if (stop.stop_requested()) {
            throw Cancelled(Phase::send, "cancelled while waiting for " + what);
        }
        throw LoginTimedOut("the request's time was over after waiting " + seconds(now - since) + " for " + what);
    }

    void waitFor(Lock& lock, SteadyTime deadline, SteadyTime when, std::stop_token const& stop) {
        ++counters_.waits;
        SteadyTime const since = parts_.clock->steady();
        while (!stop.stop_requested() && parts_.clock->steady() < when && lifecycle_.failure() != nullptr) {
            parts_.clock->wait(lock, sync_->changed, std::min(when, deadline));
        }
        counters_.waited += parts_.clock->steady() - since;
        if (stop.stop_requested()) {
            lock.unlock();
            throw Cancelled(Phase::send, "cancelled while waiting for the pause after a failed login to end");
        }
    }

    [[noreturn]] void throwFailure(Lock& lock) const {
        LoginFailure const failure = *lifecycle_.failure();
        lock.unlock();
        failure.raise();
    }

    std::string refusedAsTheyArrive() const {
        return "could not log in (" + parts_.source->describe() + "): " + std::to_string(loginsPerCaller) +
               " tokens in a row were refused before they could be used";
    }

    /// Looks at the credentials without the lock: that may read a file.
    bool credentialsChangedSinceFailure(Lock& lock) {
        lock.unlock();
        std::string const version = parts_.source->credentialVersion();
        lock.lock();
        if (version == failedVersion_) {
            return false;
        }
        lifecycle_.credentialsChanged();
        return true;
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
                std::make_unique<std::jthread>([this, flight](std::stop_token stop) { fly(*flight, std::move(stop)); });
        } catch (std::system_error const& error) {
            finish(*flight, {LoginFailure::Kind::unavailable, std::string("no thread for a login: ") + error.what()});
        }
    }

    /// One login with its retries, on the flight's own thread.
    void fly(Flight& flight, std::stop_token stop) {
        SteadyTime const deadline = flight.startedAt + parts_.policy.loginTimeout;
        std::string version;
        LoginFailure failure;
        emit(AuthEvent::Kind::loginStarted, {}, parts_.source->describe());
        for (int attempt = 1; attempt <= parts_.policy.loginAttempts; ++attempt) {
            {
                std::lock_guard const lock(sync_->mutex);
                flight.attempt = attempt;
                ++counters_.loginAttempts;
            }
            version = parts_.source->credentialVersion();
            try {
                std::shared_ptr<AccessToken const> const token = attemptLogin(deadline, stop);
                emit(AuthEvent::Kind::loginSucceeded, token->fingerprint, successText(*token));
                std::lock_guard const lock(sync_->mutex);
                land(flight, token);
                return;
            } catch (...) {
                failure = LoginFailure::from(std::current_exception(), parts_.source->describe());
            }
            bool const rotated =
                failure.kind == LoginFailure::Kind::rejected && parts_.source->credentialVersion() != version;
            if (!rotated && !pauseBeforeRetry(failure, attempt, deadline, stop)) {
                failure.text += attempt > 1 ? " (after " + std::to_string(attempt) + " attempts)" : "";
                break;
            }
        }
        emit(AuthEvent::Kind::loginFailed, {}, failure.text);
        std::lock_guard const lock(sync_->mutex);
        failedVersion_ = version;
        finish(flight, std::move(failure));
    }

    std::shared_ptr<AccessToken const> attemptLogin(SteadyTime deadline, std::stop_token const& stop) {
        Secret refreshToken;
        {
            std::lock_guard const lock(sync_->mutex);
            refreshToken = std::move(refreshToken_);
        }
        LoginContext context{*parts_.transport, *parts_.clock, deadline, stop,
                             refreshToken.empty() ? nullptr : &refreshToken};
        Instant const left = parts_.clock->now();
        Token token = [&] {
            try {
                return parts_.source->fetch(context);
            } catch (CredentialsRejected const&) {
                if (context.refreshToken == nullptr) {
                    throw;
                }
                context.refreshToken = nullptr; // it may have ended before its time: the credentials decide
                return parts_.source->fetch(context);
            }
        }();
        if (token.accessToken.empty()) {
            throw BadLoginReply("the token source '" + parts_.source->describe() + "' returned an empty token");
        }
        std::lock_guard const lock(sync_->mutex);
        refreshToken_ = std::move(token.refreshToken);
        return accessToken(token, left, parts_.clock->now(), parts_.policy, random());
    }

    /// False when there is to be no further attempt.
    bool pauseBeforeRetry(LoginFailure const& failure, int attempt, SteadyTime deadline, std::stop_token const& stop) {
        if (!failure.worthRetrying() || attempt == parts_.policy.loginAttempts) {
            return false;
        }
        std::chrono::nanoseconds pause{0};
        {
            std::lock_guard const lock(sync_->mutex);
            pause = failure.retryAfter.value_or(backoff(parts_.policy, attempt, random()));
        }
        SteadyTime const until = parts_.clock->steady() + pause;
        if (until >= deadline) {
            return false;
        }
        emit(AuthEvent::Kind::loginRetried, {}, "in " + seconds(pause) + ": " + failure.text);
        return parts_.clock->sleepUntil(until, stop);
    }

    /// @pre The mutex is held.
    void land(Flight& flight, std::shared_ptr<AccessToken const> const& token) {
        if (lifecycle_.wasRefused(token->fingerprint)) {
            finish(flight, {LoginFailure::Kind::badReply, "could not log in (" + parts_.source->describe() +
                                                              "): it returned the token that the API had refused before"});
            return;
        }
        ++counters_.logins;
        lifecycle_.loginSucceeded(token);
        flight.token = token;
        flight.done = true;
        sync_->changed.notify_all();
    }

    /// @pre The mutex is held.
    void finish(Flight& flight, LoginFailure failure) {
        counters_.throttles += failure.kind == LoginFailure::Kind::throttled ? 1 : 0;
        counters_.rejections += failure.kind == LoginFailure::Kind::rejected ? 1 : 0;
        flight.failure = failure;
        lifecycle_.loginFailed(parts_.clock->steady(), std::move(failure), random());
        flight.done = true;
        sync_->changed.notify_all();
    }

    std::string successText(AccessToken const& token) const {
        std::string text = "lifetime " + seconds(token.expiresAt - token.obtainedAt) + " (" + token.lifetimeSource + ")";
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
    std::string failedVersion_; ///< Of the credentials that the last failed login used.
    Secret refreshToken_;
    AuthCounters counters_;
    std::minstd_rand generator_{std::random_device{}()};
    ForkRegistration registration_;
};

TokenCache::TokenCache(Parts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {}
TokenCache::~TokenCache() = default;

std::shared_ptr<AccessToken const> TokenCache::acquire(SteadyTime deadline, std::stop_token stop) {
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
