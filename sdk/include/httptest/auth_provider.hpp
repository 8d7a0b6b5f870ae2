#pragma once

#include <httptest/abi.hpp>
#include <httptest/clock.hpp>
#include <httptest/request.hpp>
#include <httptest/response.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

namespace httptest::inline v1 {

/// What a provider may spend on one attempt.
struct AuthContext {
    SteadyTime deadline; ///< No wait outlives it.
    std::stop_token stop;
};

/// Which credential a request carries.
struct Attachment {
    /// Printable mark of the credential, never the credential; empty when none was attached.
    std::string fingerprint;
    /// When the credential was obtained, and when it ends; for the failure text, where they are known.
    std::optional<SteadyTime> obtainedAt = {};
    std::optional<SteadyTime> expiresAt = {};

    bool attached() const noexcept { return !fingerprint.empty(); }
};

/// A provider's answer to a 401.
struct Refusal {
    bool replay = false;   ///< Authorize again and send once more.
    std::string diagnosis; ///< For the failure text: whose fault the 401 seems to be. May be empty.
};

struct AuthCounters {
    std::uint64_t logins = 0;         ///< Credentials obtained.
    std::uint64_t loginAttempts = 0;  ///< Calls of the token source, retries included.
    std::uint64_t refreshesAhead = 0; ///< Logins begun while the old token was still good.
    std::uint64_t replays = 0;        ///< 401s after which another attempt was advised.
    std::uint64_t refusals = 0;       ///< 401s for a credential of ours.
    std::uint64_t waits = 0;          ///< Calls that had to wait for a login.
    std::uint64_t throttles = 0;
    std::uint64_t rejections = 0;
    std::uint64_t storeHits = 0;        ///< Tokens taken from the token store instead of a login.
    std::uint64_t storeIgnored = 0;     ///< Damaged or foreign files found in it.
    std::chrono::nanoseconds waited{0}; ///< Sum over all waits.
};

/// A snapshot for reports; holds nothing secret.
struct AuthStatus {
    std::string provider;
    std::string identity;
    std::string account;     ///< Who logs in where: "client_credentials of 'ci' at https://…".
    std::string subject;     ///< The token's `sub`, where it is a JWT.
    std::string state;       ///< "fresh", "stale", "cooling", …
    std::string fingerprint; ///< Of the credential in use.
    std::optional<SteadyTime> obtainedAt;
    std::optional<SteadyTime> expiresAt;
    std::string lifetimeSource;            ///< "expires_in", "exp - iat", …
    std::chrono::nanoseconds clockSkew{0}; ///< The server's wall clock minus ours, where known.
    bool renewable = true; ///< Another login gets another token, so that the end of this one ends nothing.
    std::optional<WallTime> renewableUntil; ///< When what logs in ends itself, unless it is renewed; see TokenSource.
    std::string lastError;
    std::string store; ///< Where logins are shared: "file /run/user/1000/httptest"; empty for nowhere.
    AuthCounters counters;
};

/// Puts credentials on requests: the interface that plugins implement. One object serves one identity.
///
/// Implementations are thread-safe. They see only requests to origins that may have the credentials, and never one
/// that brings its own Authorization header: the session sees to both.
class HTTPTEST_API AuthProvider {
public:
    virtual ~AuthProvider();

    /// Attaches a credential to `request`, obtaining one first where necessary. Called for every attempt, on a copy.
    /// @throws LoginError, TransportError, Misconfigured
    virtual Attachment authorize(Request& request, AuthContext const& context) = 0;

    /// Hears that the server answered 401 to a request with this attachment. Drops that credential and no newer one.
    virtual Refusal refused(Response const& response, Attachment const& attachment) = 0;

    virtual AuthStatus describe() const = 0;
};

} // namespace httptest::v1
