#pragma once

#include "account.hpp"
#include "known_secrets.hpp"
#include "server_clock.hpp"

#include <Poco/JWT/Signer.h>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <variant>

namespace runai::testing {

struct IssuedToken {
    std::string value;
    std::optional<std::chrono::seconds> lifetime;
};

enum class TokenState { valid, malformed, foreign, expired, revoked };

struct TokenCheck {
    TokenState state = TokenState::malformed;
    Account account = {}; ///< Of a valid token.
};

/// Issues and checks JWTs, signed ES256 with a key of its own. Thread-safe.
class TokenIssuer {
public:
    /// `clock` and `known`, which hears of every token, outlive the issuer.
    TokenIssuer(std::string issuer, ServerClock const& clock, std::optional<std::chrono::seconds> lifetime,
                KnownSecrets& known);

    IssuedToken issue(std::string const& subject, Role role);
    IssuedToken issue(std::string const& subject, Role role, std::optional<std::chrono::seconds> lifetime);
    /// One whose hour was over an hour ago; not the newest.
    std::string expired(std::string const& subject, Role role);
    TokenCheck check(std::string const& token) const;

    std::string newest() const;
    /// Throws std::invalid_argument for a token of another issuer.
    void revoke(std::string const& token);
    void revokeAll();
    void setLifetime(std::optional<std::chrono::seconds> lifetime);

private:
    /// What check needs of a token that this issuer signed.
    struct Claims {
        std::string id;
        Account account;
        std::optional<std::chrono::seconds> expiry; ///< Since the epoch.
    };

    /// The claims, or `malformed` or `foreign`.
    std::variant<Claims, TokenState> read(std::string const& token) const;
    std::variant<Claims, TokenState> verify(std::string const& token) const;

    std::string sign(std::string const& subject, Role role, std::chrono::system_clock::time_point when,
                     std::optional<std::chrono::seconds> lifetime);

    std::string issuer_;
    ServerClock const& clock_;
    Poco::JWT::Signer signer_;
    KnownSecrets& known_;

    mutable std::mutex mutex_; // guards what follows
    /// Tokens whose signature was verified: that takes longer than all the rest of a request.
    mutable std::unordered_map<std::string, Claims> verified_;
    std::optional<std::chrono::seconds> lifetime_;
    std::string newest_;
    std::uint64_t issued_ = 0;
    std::uint64_t revokedUpTo_ = 0; ///< The serial number of the last token that revokeAll met.
    std::set<std::string> revoked_; ///< Identifiers of tokens revoked one by one.
};

} // namespace runai::testing
