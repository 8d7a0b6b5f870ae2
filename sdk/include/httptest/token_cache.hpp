#pragma once

#include <httptest/abi.hpp>
#include <httptest/auth_provider.hpp>
#include <httptest/clock.hpp>
#include <httptest/token_source.hpp>
#include <httptest/token_store.hpp>
#include <httptest/transport.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// A token ready for use; immutable and shared.
struct AccessToken {
    std::string authorization; ///< The whole header value, "Bearer …".
    std::string fingerprint;
    std::string subject;
    std::string lifetimeSource;
    SteadyTime obtainedAt;  ///< When the login request left.
    SteadyTime refreshFrom; ///< From here on a new token is fetched ahead.
    SteadyTime usableUntil; ///< No longer attached from here on.
    SteadyTime expiresAt;
    std::chrono::nanoseconds clockSkew{0};
};

/// How a cache treats lifetimes, failures and waits. The defaults' reasons stand beside their use in ARCHITECTURE.md.
struct TokenPolicy {
    std::chrono::nanoseconds loginTimeout = std::chrono::seconds(30); ///< One flight, retries included.
    int loginAttempts = 4;                                            ///< In one flight; 1 or more.
    std::chrono::nanoseconds firstBackoff = std::chrono::milliseconds(500);
    std::chrono::nanoseconds longestBackoff = std::chrono::seconds(60);
    std::chrono::nanoseconds longestRetryAfter = std::chrono::minutes(5);
    std::chrono::nanoseconds badReplyPause = std::chrono::seconds(30);
    std::chrono::nanoseconds unknownLifetime = std::chrono::minutes(5);
    std::chrono::nanoseconds longestMargin = std::chrono::seconds(5);  ///< Or 10 % of the lifetime.
    std::chrono::nanoseconds longestWindow = std::chrono::seconds(60); ///< Or 20 % of the lifetime.
    /// Credentials that worked before are tried again this long after a rejection: identity services restart.
    std::chrono::nanoseconds rejectionPause = std::chrono::minutes(1);
    /// A token refused at this age or younger counts as refused at birth.
    std::chrono::nanoseconds newbornAge = std::chrono::seconds(5);
};

/// Something that happened to a token; holds nothing secret.
struct AuthEvent {
    enum class Kind {
        loginStarted,
        loginRetried,
        loginSucceeded,
        loginFailed,
        tokenRefused,
        tokenShared, ///< Taken from the token store: another process had logged in.
    };
    Kind kind;
    std::string identity;
    std::string fingerprint;
    std::string text;
};

/// Called without locks held, on whichever thread it happened; must not throw.
using AuthEventSink = std::function<void(AuthEvent const&)>;

/// Owns the life of one identity's token: reuse, refresh ahead, one login for all, shared failures.
///
/// A login runs on a short-lived thread of its own; callers wait, each to its own deadline, and one that gives up
/// changes nothing for the others. The destructor cancels a login under way and joins its thread. Thread-safe.
class HTTPTEST_API TokenCache {
public:
    struct Parts {
        std::unique_ptr<TokenSource> source;
        std::shared_ptr<Transport> transport;
        std::shared_ptr<Clock> clock;
        TokenPolicy policy;
        AuthEventSink events;
        std::string provider;
        std::string identity;
        /// Where logins are shared with other processes; null for nowhere.
        std::shared_ptr<TokenStore> store = nullptr;
    };

    /// @throws Misconfigured  The policy allows no attempt.
    explicit TokenCache(Parts parts);
    ~TokenCache();
    TokenCache(TokenCache const&) = delete;
    TokenCache& operator=(TokenCache const&) = delete;

    /// Returns a token that is usable now, waiting for a login where there is none.
    ///
    /// @throws CredentialsRejected  At once and for everybody, until the credentials change.
    /// @throws LoginTimedOut        `deadline` came first; says since when the login has been running.
    /// @throws Cancelled            `stop` was requested.
    /// @throws LoginError, TlsError, ProxyRefused, Misconfigured  The login's outcome.
    std::shared_ptr<AccessToken const> acquire(SteadyTime deadline, std::stop_token const& stop);

    /// Drops the token with this fingerprint, if it is still the current one.
    Refusal refused(std::string_view fingerprint);

    /// Forgets token, failure and cooldown; the token is not taken from the store again either.
    void reset();

    AuthStatus describe() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace httptest::v1
