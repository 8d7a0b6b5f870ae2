#pragma once

#include <httptest/abi.hpp>
#include <httptest/clock.hpp>
#include <httptest/secret.hpp>
#include <httptest/transport.hpp>

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

namespace httptest::inline v1 {

/// What a token source may use for one login.
struct LoginContext {
    Transport& transport;
    Clock& clock;
    SteadyTime deadline;
    std::stop_token stop;
    /// The refresh token of the last login, or null: log in with the credentials themselves.
    Secret const* refreshToken = nullptr;
};

/// What a login yields.
struct Token {
    Secret accessToken;
    /// From the reply, counted from the moment the login request left; nothing or zero when unknown.
    std::optional<std::chrono::seconds> expiresIn;
    /// Set only where the grant provides for one (RFC 6749 section 4.4.3: not for client credentials).
    Secret refreshToken;
    /// The reply's Date, by which `exp` is corrected when the clocks disagree.
    std::optional<WallTime> serverTime;
};

/// Logs in: the easy plugin interface. The SDK adds reuse, refresh ahead, single flight, retries, replay.
///
/// `fetch` is never called twice at once on one object; the other functions may run beside it.
class HTTPTEST_API TokenSource {
public:
    virtual ~TokenSource();

    /// Makes one login attempt; the caller decides on retries by the type of the error.
    ///
    /// Reads credentials anew each time, so that a rotated secret is picked up.
    /// @throws CredentialsRejected  Only when the server said so in its documented form: it stops all further logins.
    /// @throws LoginThrottled, LoginUnavailable, BadLoginReply, Misconfigured
    /// @throws TransportError       Passed on from the transport; becomes LoginUnreachable unless it is final.
    virtual Token fetch(LoginContext const& context) = 0;

    /// A text that changes when the credentials do, so that a rejection can be left; not secret, cheap to ask for.
    virtual std::string credentialVersion() const { return {}; }

    /// False where another login would yield the same token again: one that was given ready-made.
    virtual bool renewable() const noexcept { return true; }

    /// "client_credentials of 'ci' at https://…": who logs in where, for reports and errors.
    virtual std::string describe() const = 0;
};

} // namespace httptest::v1
