#pragma once

#include "grant.hpp"

#include <httptest/clock.hpp>
#include <httptest/secret.hpp>
#include <httptest/token_source.hpp>

#include <optional>
#include <string>
#include <variant>

namespace runai {

/// What one login proves itself with.
struct Credentials {
    std::string id; ///< Of the client, application or user; of an external token, its subject.
    httptest::Secret secret;
};

/// What a mode yields when a token is needed: something to log in with, or a token that is ready.
using Obtained = std::variant<Credentials, httptest::Token>;

/// What stays the same from login to login. The texts hold nothing secret.
struct Account {
    std::optional<Grant> grant; ///< Nothing where tokens always come ready.
    std::string description;    ///< "client_credentials of 'ci-bot'"
    std::string toCheck;        ///< Where to look when a login is refused: "RUNAI_CLIENT_SECRET and RUNAI_CLIENT_ID".
    std::string hint;           ///< What else a refusal may come from: a sentence after a space, or nothing.
    std::string clientId;       ///< Sent beside a password and its refresh tokens; may be empty.
    bool renewable = true;      ///< False where only somebody else can bring another token.
};

/// One of the ways to get credentials: a mode. `obtain` is never called twice at once; the rest may run beside it.
class CredentialSource {
public:
    virtual ~CredentialSource() = default;

    virtual Account const& account() const noexcept = 0;

    /// Reads the credentials anew.
    /// @throws Misconfigured  They are missing, malformed or at their end: names what to renew, and who must.
    /// @throws BadLoginReply  A credential command failed.
    /// @throws Cancelled
    virtual Obtained obtain(httptest::LoginContext const& context) = 0;

    /// Id and secret by which processes may share their logins; nothing where the secret could be guessed (a password)
    /// or is no secret of the account's own (a token).
    /// @throws Misconfigured  It cannot be read.
    virtual std::optional<Credentials> sealing() const { return std::nullopt; }

    /// The end of the credentials last obtained, where they have one of their own.
    virtual std::optional<httptest::WallTime> end() const { return std::nullopt; }

    /// Changes when the credentials do; not secret.
    virtual std::string version() const = 0;
};

} // namespace runai
