#include "time_text.hpp"
#include "token/fork_registry.hpp"
#include "token/lifecycle.hpp"
#include "token/login_flight.hpp"
#include "token/plugin_answers.hpp"
#include "token/token_state.hpp"

#include <httptest/error.hpp>
#include <httptest/token_cache.hpp>

#include <mutex>
#include <random>
#include <system_error>
#include <thread>
#include <utility>

namespace httptest::inline v1 {

namespace {

/// A caller joins this many logins at most: a server whose tokens are refused as they arrive must not hold it.
constexpr int loginsPerCaller = 3;

} // namespace

class TokenCache::Impl final : public ForkAware {
public:
    explicit Impl(Parts parts) : parts_(std::move(parts)), state_(parts_.policy), registration_(*this) {}

    ~Impl() override {
        std::unique_ptr<std::jthread> flight;
        {
            std::lock_guard const lock(state_.sync->mutex);
            flight = std::move(flightThread_);
        }
        // The jthread's destructor requests the stop and joins.
    }

    std::shared_ptr<AccessToken const> acquire(SteadyTime deadline, std::stop_token const& stop) {
        SteadyTime const now = parts_.clock->steady(); // not with the mutex held, for which others wait
        {
            std::lock_guard const lock(state_.sync->mutex);
            if (auto const& token = state_.lifecycle.token(); token && now < token->refreshFrom) {
                return token;
            }
        }
        return acquireSlowly(deadline, stop);
    }

    Refusal refused(std::string_view fingerprint) {
        Refusal refusal;
        {
            std::lock_guard const lock(state_.sync->mutex);
            refusal = state_.lifecycle.refused(parts_.clock->steady(), fingerprint);
            ++state_.counters.refusals;
            state_.counters.replays += refusal.replay ? 1 : 0;
        }
        if (parts_.events) {
            parts_.events(
                {AuthEvent::Kind::tokenRefused, parts_.identity, std::string(fingerprint), refusal.diagnosis});
        }
        return refusal;
    }

    void reset() {
        std::stop_source flight(std::nostopstate);
        {
            std::lock_guard const lock(state_.sync->mutex);
            state_.lifecycle.reset();
            state_.refreshToken = Secret();
            state_.heedSharedFailures = false;
            if (flight_ && !flight_->done && flightThread_) {
                flight_->abandoned = true;
                flight = flightThread_->get_stop_source();
            }
            state_.sync->changed.notify_all(); // those who wait for a pause to end
        }
        flight.request_stop();
    }

    AuthStatus describe() const {
        AuthStatus status;
        status.account = account(parts_);
        status.provider = parts_.provider;
        status.identity = parts_.identity;
        status.store = parts_.store ? parts_.store->describe() : "";
        status.renewable = parts_.source->renewable();
        status.renewableUntil = parts_.source->renewableUntil();
        std::lock_guard const lock(state_.sync->mutex);
        status.state = httptest::describe(state_.lifecycle.state(parts_.clock->steady()));
        status.counters = state_.counters;
        if (LoginFailure const* const failure = state_.lifecycle.failure()) {
            status.lastError = failure->text;
        }
        if (auto const& token = state_.lifecycle.token()) {
            status.subject = token->subject;
            status.fingerprint = token->fingerprint;
            status.obtainedAt = token->obtainedAt;
            status.expiresAt = token->expiresAt;
            status.lifetimeSource = token->lifetimeSource;
            status.clockSkew = token->clockSkew;
        }
        return status;
    }

    void beforeFork() override { state_.sync->mutex.lock(); }
    void afterForkInParent() override { state_.sync->mutex.unlock(); }

    void afterForkInChild() override {
        // Waiters of the parent are inside the old ones, and its login thread does not exist here: leak all three.
        static_cast<void>(state_.sync.release());
        state_.sync = std::make_unique<TokenState::Sync>();
        static_cast<void>(flightThread_.release());
        flight_.reset();
        state_.lifecycle = Lifecycle(parts_.policy);
        state_.counters = {};
        state_.refreshToken = Secret();
        state_.generator.seed(std::random_device{}()); // or parent and child would pause for the same times
    }

private:
    using Lock = std::unique_lock<std::mutex>;

    /// One call of `acquire` that has no fresh token.
    struct Caller {
        SteadyTime deadline;
        std::stop_token const& stop;
        bool counted = false;
    };

    std::shared_ptr<AccessToken const> acquireSlowly(SteadyTime deadline, std::stop_token const& stop) {
        std::stop_callback const wake(stop, [this] {
            std::lock_guard const lock(state_.sync->mutex);
            state_.sync->changed.notify_all();
        });
        Caller caller{deadline, stop};
        bool credentialsChecked = false;
        int refusals = 0;
        Lock lock(state_.sync->mutex);
        while (true) {
            Lifecycle::Decision const decision = state_.lifecycle.acquire(parts_.clock->steady(), deadline);
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
                if (!state_.lifecycle.wasRefused(flight->token->fingerprint)) {
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
            parts_.clock->wait(lock, state_.sync->changed, caller.deadline);
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
        std::string what = std::string(flight.following ? "another process's login (" : "a login (") + account(parts_) +
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
        while (!caller.stop.stop_requested() && parts_.clock->steady() < when &&
               state_.lifecycle.failure() != nullptr) {
            parts_.clock->wait(lock, state_.sync->changed, when);
        }
        countWait(caller, parts_.clock->steady() - since);
        if (caller.stop.stop_requested()) {
            lock.unlock();
            throw Cancelled(Phase::send, "cancelled while waiting for the pause after a failed login to end");
        }
    }

    void countWait(Caller& caller, std::chrono::nanoseconds time) {
        state_.counters.waits += caller.counted ? 0 : 1;
        state_.counters.waited += time;
        caller.counted = true;
    }

    [[noreturn]] void throwFailure(Lock& lock) const {
        LoginFailure failure = *state_.lifecycle.failure();
        std::chrono::nanoseconds const left = state_.lifecycle.pausedUntil() - parts_.clock->steady();
        lock.unlock();
        if (!failure.final()) {
            failure.text += " (this login failed before; the next one may start in " + seconds(left) + ")";
        }
        failure.raise();
    }

    std::string refusedAsTheyArrive() const {
        return "could not log in (" + account(parts_) + "): " + std::to_string(loginsPerCaller) +
               " tokens in a row were refused before they could be used";
    }

    /// Looks at the credentials without the lock: that may read a file.
    bool credentialsChanged(Lock& lock) {
        lock.unlock();
        std::string const version = credentialVersion(*parts_.source);
        lock.lock();
        return state_.lifecycle.credentialsSeen(version);
    }

    void startFlight(bool ahead) {
        flight_ = std::make_shared<Flight>();
        flight_->startedAt = parts_.clock->steady();
        state_.counters.refreshesAhead += ahead ? 1 : 0;
        // The last flight's thread has set `done` under the mutex as its last deed: joining it here is immediate.
        flightThread_.reset();
        try {
            flightThread_ = std::make_unique<std::jthread>([this, flight = flight_](std::stop_token const& stop) {
                LoginFlight(parts_, state_, flight, stop).run();
            });
        } catch (std::system_error const& error) {
            LoginFailure failure;
            failure.kind = LoginFailure::Kind::unavailable;
            failure.text = std::string("could not log in: no thread for it: ") + error.what();
            LoginFlight(parts_, state_, flight_, {}).fail(std::move(failure));
        }
    }

    Parts const parts_;
    TokenState state_;
    std::shared_ptr<Flight> flight_; ///< The latest; guarded by the state's mutex, and so is the next.
    std::unique_ptr<std::jthread> flightThread_;
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
