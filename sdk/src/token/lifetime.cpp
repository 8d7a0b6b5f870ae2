#include "token/lifetime.hpp"

#include <httptest/jwt.hpp>
#include <httptest/redactor.hpp>

#include <algorithm>
#include <string>

namespace httptest::inline v1 {

namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds longestLifetime = std::chrono::hours(24 * 3650); // no sum with it overflows
constexpr nanoseconds forgetAfter = std::chrono::minutes(10);
/// Below this a lifetime is too short to be steered by: such a token is used until the server refuses it.
constexpr nanoseconds shortestSteered = std::chrono::seconds(5);

struct Lifetime {
    nanoseconds length{0};
    std::string source;
};

void shorten(Lifetime& lifetime, nanoseconds length, char const* source) {
    if (length.count() > 0 && (lifetime.length.count() == 0 || length < lifetime.length)) {
        lifetime.length = std::min(length, longestLifetime);
        lifetime.source = source;
    }
}

nanoseconds bounded(std::chrono::seconds length) {
    return std::clamp<std::chrono::seconds>(length, std::chrono::seconds(0),
                                            std::chrono::duration_cast<std::chrono::seconds>(longestLifetime));
}

Lifetime lifetimeOf(Token const& token, JwtClaims const& claims, WallTime serverNow, nanoseconds unknown) {
    Lifetime lifetime;
    if (token.expiresIn) {
        shorten(lifetime, bounded(*token.expiresIn), "expires_in");
    }
    if (claims.expiresAt && claims.issuedAt) {
        shorten(lifetime, bounded(std::chrono::seconds(*claims.expiresAt - *claims.issuedAt)), "exp - iat");
    } else if (claims.expiresAt) {
        auto const now = std::chrono::floor<std::chrono::seconds>(serverNow.time_since_epoch());
        shorten(lifetime, bounded(std::chrono::seconds(*claims.expiresAt) - now), "exp");
    }
    if (lifetime.length.count() == 0) {
        lifetime = {unknown, "unknown, assumed"};
    }
    return lifetime;
}

} // namespace

std::shared_ptr<AccessToken const> accessToken(Token const& token, Instant left, Instant arrived,
                                               TokenPolicy const& policy, double jitter) {
    JwtClaims const claims = readJwt(token.accessToken.reveal()).value_or(JwtClaims{});
    Lifetime const lifetime =
        lifetimeOf(token, claims, token.serverTime.value_or(arrived.wall), policy.unknownLifetime);
    nanoseconds const length = lifetime.length;
    nanoseconds const margin = std::min(policy.longestMargin, length / 10);
    nanoseconds const window = std::min(policy.longestWindow, length / 5);
    auto const opening = std::chrono::duration_cast<nanoseconds>(window * (1 - jitter / 4));

    auto result = std::make_shared<AccessToken>();
    result->authorization.reserve(sizeof "Bearer " + token.accessToken.reveal().size());
    result->authorization.append("Bearer ").append(token.accessToken.reveal());
    result->fingerprint = token.accessToken.fingerprint();
    result->subject = claims.subject;
    result->lifetimeSource = lifetime.source;
    result->obtainedAt = left.steady;
    result->expiresAt = left.steady + length;
    result->usableUntil = result->expiresAt - margin;
    result->refreshFrom = result->usableUntil - opening;
    if (length < shortestSteered) {
        result->usableUntil = left.steady + shortestSteered;
        result->refreshFrom = result->usableUntil;
    }
    if (token.serverTime) {
        result->clockSkew = *token.serverTime - arrived.wall;
    }
    keepOutOfOutput(token.accessToken.reveal(), result->expiresAt + forgetAfter);
    return result;
}

} // namespace httptest::v1
