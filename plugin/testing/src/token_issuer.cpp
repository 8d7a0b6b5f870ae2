#include "token_issuer.hpp"

#include "random_text.hpp"
#include "tenant.hpp"

#include <Poco/Crypto/ECKey.h>
#include <Poco/JWT/Token.h>
#include <Poco/Types.h>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace runai::testing {

namespace {

constexpr std::size_t maxVerified = 10'000;

constexpr std::string_view viewerRole = "viewer";

std::string_view nameOf(Role role) {
    return role == Role::viewer ? viewerRole : "admin";
}

Role roleOf(std::string_view name) {
    return name == viewerRole ? Role::viewer : Role::admin;
}

Poco::Int64 epochSeconds(std::chrono::system_clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

/// The serial number leads the identifier, so that revoking everything needs no list.
std::string tokenId(std::uint64_t serial) {
    return std::to_string(serial) + "-" + randomUuid();
}

std::uint64_t serialOf(std::string const& tokenId) {
    return std::stoull(tokenId);
}

std::optional<Poco::JWT::Token> parse(std::string const& token) {
    if (std::count(token.begin(), token.end(), '.') != 2) {
        return std::nullopt;
    }
    try {
        return Poco::JWT::Token(token);
    } catch (Poco::Exception const&) {
        return std::nullopt;
    }
}

} // namespace

TokenIssuer::TokenIssuer(std::string issuer, ServerClock const& clock, std::optional<std::chrono::seconds> lifetime,
                         KnownSecrets& known)
    : issuer_(std::move(issuer)),
      clock_(clock),
      signer_(new Poco::Crypto::ECKey("prime256v1")),
      known_(known),
      lifetime_(lifetime) {
    signer_.setAlgorithms({Poco::JWT::Signer::ALGO_ES256});
}

IssuedToken TokenIssuer::issue(std::string const& subject, Role role) {
    std::scoped_lock const lock(mutex_);
    newest_ = sign(subject, role, clock_.now(), lifetime_);
    return {newest_, lifetime_};
}

IssuedToken TokenIssuer::issue(std::string const& subject, Role role, std::optional<std::chrono::seconds> lifetime) {
    std::scoped_lock const lock(mutex_);
    newest_ = sign(subject, role, clock_.now(), lifetime);
    return {newest_, lifetime};
}

std::string TokenIssuer::expired(std::string const& subject, Role role) {
    constexpr std::chrono::hours life(1);
    std::scoped_lock const lock(mutex_);
    return sign(subject, role, clock_.now() - 2 * life, life);
}

/// The mutex is held.
std::string TokenIssuer::sign(std::string const& subject, Role role, std::chrono::system_clock::time_point when,
                              std::optional<std::chrono::seconds> lifetime) {
    auto const issuedAt = epochSeconds(when);

    // Not through Token's setters: they write times as fractions.
    Poco::JWT::Token token;
    token.setType("JWT");
    auto& claims = token.payload();
    claims.set("iss", issuer_);
    claims.set("sub", subject);
    claims.set("azp", subject);
    claims.set("aud", "runai");
    claims.set("typ", "Bearer");
    claims.set("tenant_id", tenantId);
    claims.set("jti", tokenId(++issued_));
    claims.set("iat", issuedAt);
    claims.set("role", std::string(nameOf(role)));
    if (lifetime) {
        claims.set("exp", issuedAt + Poco::Int64{lifetime->count()});
    }
    std::string text = signer_.sign(token, Poco::JWT::Signer::ALGO_ES256);
    known_.add(text);
    return text;
}

TokenCheck TokenIssuer::check(std::string const& token) const {
    auto const result = read(token);
    if (auto const* state = std::get_if<TokenState>(&result)) {
        return {*state};
    }
    auto const& claims = std::get<Claims>(result);
    if (claims.expiry && clock_.now().time_since_epoch() >= *claims.expiry) {
        return {TokenState::expired};
    }
    std::scoped_lock const lock(mutex_);
    auto const isRevoked = serialOf(claims.id) <= revokedUpTo_ || revoked_.contains(claims.id);
    return {isRevoked ? TokenState::revoked : TokenState::valid, claims.account};
}

std::variant<TokenIssuer::Claims, TokenState> TokenIssuer::read(std::string const& token) const {
    {
        std::scoped_lock const lock(mutex_);
        if (auto const known = verified_.find(token); known != verified_.end()) {
            return known->second;
        }
    }
    auto result = verify(token);
    if (auto const* claims = std::get_if<Claims>(&result)) {
        std::scoped_lock const lock(mutex_);
        if (verified_.size() >= maxVerified) {
            verified_.clear();
        }
        verified_.emplace(token, *claims);
    }
    return result;
}

std::variant<TokenIssuer::Claims, TokenState> TokenIssuer::verify(std::string const& token) const {
    auto parsed = parse(token);
    if (!parsed) {
        return TokenState::malformed;
    }
    try {
        if (!signer_.tryVerify(token, *parsed)) {
            return TokenState::foreign;
        }
    } catch (Poco::Exception const&) {
        return TokenState::foreign;
    }
    auto const& payload = std::as_const(*parsed).payload();
    if (payload.optValue<std::string>("iss", "") != issuer_) {
        return TokenState::foreign;
    }
    Claims claims{.id = payload.getValue<std::string>("jti"),
                  .account = {payload.getValue<std::string>("sub"), roleOf(payload.getValue<std::string>("role"))},
                  .expiry = {}};
    if (payload.has("exp")) {
        claims.expiry = std::chrono::seconds(payload.getValue<Poco::Int64>("exp"));
    }
    return claims;
}

std::string TokenIssuer::newest() const {
    std::scoped_lock const lock(mutex_);
    return newest_;
}

void TokenIssuer::revoke(std::string const& token) {
    auto const result = read(token);
    auto const* claims = std::get_if<Claims>(&result);
    if (claims == nullptr) {
        throw std::invalid_argument("only a token that this fake control plane issued can be revoked");
    }
    std::scoped_lock const lock(mutex_);
    revoked_.insert(claims->id);
}

void TokenIssuer::revokeAll() {
    std::scoped_lock const lock(mutex_);
    revokedUpTo_ = issued_;
    revoked_.clear();
}

void TokenIssuer::setLifetime(std::optional<std::chrono::seconds> lifetime) {
    std::scoped_lock const lock(mutex_);
    lifetime_ = lifetime;
}

} // namespace runai::testing
