#pragma once

#include "token/login_failure.hpp"

#include <httptest/auth_provider.hpp>
#include <httptest/clock.hpp>
#include <httptest/token_cache.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// The life of one identity's token as a pure state machine: events and the time go in, decisions come out. It knows
/// no threads, no network and no clock; `TokenCache` is its concurrent shell.
class Lifecycle {
public:
    enum class State { empty, fresh, stale, expired, rejected, cooling };

    struct Decision {
        enum class Kind {
            use,        ///< Attach `token`.
            awaitLogin, ///< Wait for the login under way; `startLogin` says that it must be started first.
            awaitTime,  ///< Ask again at `when`: no login may start before.
            fail,       ///< Throw `failure`.
        };
        Kind kind;
        std::shared_ptr<AccessToken const> token;
        bool startLogin = false;
        SteadyTime when = {};                  ///< For `awaitTime` and `fail`: the end of the pause.
        LoginFailure const* failure = nullptr; ///< Valid until the next event.
    };

    explicit Lifecycle(TokenPolicy const& policy) : policy_(policy) {}

    /// A caller wants a token and can wait until `deadline`. A decision to start a login counts as its start.
    Decision acquire(SteadyTime now, SteadyTime deadline);

    /// Leaves a final failure when `version` is not that of the credentials that failed. Returns whether it did.
    bool credentialsSeen(std::string_view version);

    /// @param version  Of the credentials that worked.
    /// @pre  The token was never refused: a login that yields a refused one has failed.
    void loginSucceeded(std::shared_ptr<AccessToken const> token, std::string version);

    /// @param jitter   0 to 1, for the pause that follows.
    /// @param version  Of the credentials that failed.
    void loginFailed(SteadyTime now, LoginFailure failure, double jitter, std::string version);

    /// The end of the pause that a failure now would cause.
    SteadyTime pauseAfter(SteadyTime now, LoginFailure const& failure, double jitter) const;

    /// The login is over, whatever came of it.
    void loginEnded() noexcept { loginUnderWay_ = false; }

    /// The server answered 401 to the token with this fingerprint.
    Refusal refused(SteadyTime now, std::string_view fingerprint);

    /// True for a token that was dropped because the server refused it.
    bool wasRefused(std::string_view fingerprint) const;

    /// Forgets everything but the refused tokens and that a login is under way, whose result the caller then abandons.
    void reset();

    State state(SteadyTime now) const;
    bool loginUnderWay() const noexcept { return loginUnderWay_; }
    std::shared_ptr<AccessToken const> const& token() const noexcept { return token_; }
    LoginFailure const* failure() const noexcept { return failure_ ? &*failure_ : nullptr; }
    SteadyTime pausedUntil() const noexcept { return pausedUntil_; }

private:
    bool mayLogIn(SteadyTime now) const;
    bool newborn(SteadyTime now) const;
    void drop(std::string_view fingerprint);

    TokenPolicy policy_;
    std::shared_ptr<AccessToken const> token_;
    bool loginUnderWay_ = false;
    std::optional<std::string> workedVersion_; ///< Of the credentials that last worked.

    std::optional<LoginFailure> failure_; ///< Of the last login, while it still decides anything.
    std::string failedVersion_;           ///< Of the credentials that `failure_` is about.
    SteadyTime pausedUntil_;              ///< No login before this while `failure_` is set.
    int failuresInARow_ = 0;

    std::deque<std::string> refused_; ///< The latest refused tokens, bounded.
    bool loginFollowsRefusal_ = false;
    bool tokenFollowsRefusal_ = false;
    SteadyTime refusalsIgnoredUntil_;
};

/// "fresh", "cooling", …
char const* describe(Lifecycle::State state) noexcept;

/// The pause after the n-th failure in a row (1, 2, …): doubling, capped, "full jitter".
std::chrono::nanoseconds backoff(TokenPolicy const& policy, int failures, double jitter);

} // namespace httptest::v1
