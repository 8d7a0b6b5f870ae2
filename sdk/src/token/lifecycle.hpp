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
            use,       ///< Attach `token`.
            awaitLogin, ///< Wait for the login under way; `startLogin` says that it must be started first.
            awaitTime,  ///< Ask again at `when`: no login may start before.
            fail,       ///< Throw `failure`.
        };
        Kind kind;
        std::shared_ptr<AccessToken const> token;
        bool startLogin = false;
        SteadyTime when = {};
        LoginFailure const* failure = nullptr; ///< Valid until the next event.
    };

    explicit Lifecycle(TokenPolicy const& policy) : policy_(policy) {}

    /// A caller wants a token and can wait until `deadline`. A decision to start a login counts as its start.
    Decision acquire(SteadyTime now, SteadyTime deadline);

    /// True when a change of the credentials would matter: the caller should say `credentialsChanged` if it sees one.
    bool wouldHeedCredentials() const noexcept { return failure_ && failure_->final(); }
    void credentialsChanged();

    /// @pre  The token was never refused: a login that yields a refused one has failed.
    void loginSucceeded(std::shared_ptr<AccessToken const> token);

    /// @param jitter  0 to 1, for the pause that follows.
    void loginFailed(SteadyTime now, LoginFailure failure, double jitter);

    /// The server answered 401 to the token with this fingerprint.
    Refusal refused(SteadyTime now, std::string_view fingerprint);

    /// True for a token that was dropped because the server refused it.
    bool wasRefused(std::string_view fingerprint) const;

    void reset();

    State state(SteadyTime now) const;
    bool loginUnderWay() const noexcept { return loginUnderWay_; }
    std::shared_ptr<AccessToken const> const& token() const noexcept { return token_; }
    LoginFailure const* failure() const noexcept { return failure_ ? &*failure_ : nullptr; }

private:
    bool mayLogIn(SteadyTime now) const;
    void drop(std::string_view fingerprint);

    TokenPolicy policy_;
    std::shared_ptr<AccessToken const> token_;
    bool loginUnderWay_ = false;
    bool workedBefore_ = false;

    std::optional<LoginFailure> failure_; ///< Of the last login, while it still decides anything.
    SteadyTime pausedUntil_;              ///< No login before this while `failure_` is set and not final.
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
