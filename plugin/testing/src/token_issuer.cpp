#include "token_issuer.hpp"

#include "random_text.hpp"

#include <Poco/Crypto/ECKey.h>
#include <Poco/JWT/Token.h>
#include <Poco/Types.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace runai::testing {

namespace {

constexpr int tenantId = 1001;

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

TokenIssuer::TokenIssuer(std::string issuer, ServerClock const& clock, std::optional<std::chrono::seconds> lifetime)
    : issuer_(std::move(issuer)),
      clock_(clock),
      signer_(new Poco::Crypto::ECKey("prime256v1")),
      lifetime_(lifetime) {
    signer_.setAlgorithms({Poco::JWT::Signer::ALGO_ES256});
}

IssuedToken TokenIssuer::issue(std::string const& subject) {
    auto const issuedAt = epochSeconds(clock_.now());
    std::scoped_lock const lock(mutex_);

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
    if (lifetime_) {
        claims.set("exp", issuedAt + Poco::Int64{lifetime_->count()});
    }
    newest_ = signer_.sign(token, Poco::JWT::Signer::ALGO_ES256);
    return {newest_, lifetime_};
}

TokenState TokenIssuer::check(std::string const& token) const {
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
    auto const& claims = std::as_const(*parsed).payload();
    if (claims.optValue<std::string>("iss", "") != issuer_) {
        return TokenState::foreign;
    }
    if (claims.has("exp") && epochSeconds(clock_.now()) >= claims.getValue<Poco::Int64>("exp")) {
        return TokenState::expired;
    }
    return isRevoked(claims.getValue<std::string>("jti")) ? TokenState::revoked : TokenState::valid;
}

std::string TokenIssuer::newest() const {
    std::scoped_lock const lock(mutex_);
    return newest_;
}

void TokenIssuer::revoke(std::string const& token) {
    auto const state = check(token);
    if (state == TokenState::malformed || state == TokenState::foreign) {
        throw std::invalid_argument("only a token that this fake control plane issued can be revoked");
    }
    auto const parsed = parse(token);
    std::scoped_lock const lock(mutex_);
    revoked_.insert(parsed->payload().getValue<std::string>("jti"));
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

bool TokenIssuer::isRevoked(std::string const& tokenId) const {
    std::scoped_lock const lock(mutex_);
    return serialOf(tokenId) <= revokedUpTo_ || revoked_.contains(tokenId);
}

} // namespace runai::testing
