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
    /// Token::hint of an earlier login of this account, in another process maybe; empty for none.
    std::string hint = {};
};

/// What a login yields.
struct Token {
    Secret accessToken;
    /// From the reply, counted from the moment the login request left; nothing or zero when unknown.
    std::optional<std::chrono::seconds> expiresIn;
    /// What `expiresIn` was read from, for reports: "exp" for a token that came ready-made.
    std::string expiresInSource = "expires_in";
    /// Set only where the grant provides for one (RFC 6749 section 4.4.3: not for client credentials).
    Secret refreshToken;
    /// The reply's Date, by which `exp` is corrected when the clocks disagree.
    std::optional<WallTime> serverTime;
    /// A note for later logins of the account, in other processes too: which token API answered, say. Not secret.
    std::string hint = {};
};

/// What an account's processes recognise and read each other's logins by.
struct SharingKey {
    std::string account; ///< Origin, grant and client: everything but the secret that makes tokens differ.
    Secret secret;       ///< Seals the tokens: of high entropy, since whoever can read the store may guess at it.
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

    /// What the account's processes may share their logins by (setting `token_store`); nothing for credentials that are
    /// not to be shared. Read anew for every login, as `fetch` reads them. May throw as `fetch` does.
    virtual std::optional<SharingKey> sharing() const { return std::nullopt; }

    /// False where another login would yield the same token again: one that was given ready-made.
    virtual bool renewable() const noexcept { return true; }

    /// "client_credentials of 'ci' at https://…": who logs in where, for reports and errors.
    virtual std::string describe() const = 0;
};

} // namespace httptest::v1
