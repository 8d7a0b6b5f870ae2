#include "token/lifetime.hpp"

#include <httptest/jwt.hpp>
#include <httptest/redactor.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace httptest::inline v1 {

namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds longestLifetime = std::chrono::hours(24 * 3650); // no sum with it overflows
constexpr nanoseconds forgetAfter = std::chrono::minutes(10);
/// A server's Date that differs by more is nonsense; the difference to a far one could not be counted.
constexpr nanoseconds largestSkew = std::chrono::hours(24 * 365);
/// Below this a lifetime is too short to be steered by: such a token is used until the server refuses it.
constexpr nanoseconds shortestSteered = std::chrono::seconds(5);

struct Lifetime {
    nanoseconds length{0};
    std::string source;
};

void shorten(Lifetime& lifetime, nanoseconds length, std::string_view source) {
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
        shorten(lifetime, bounded(*token.expiresIn), token.expiresInSource);
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

/// The server's clock by the reply's Date, where that makes sense.
std::optional<WallTime> believed(std::optional<WallTime> serverTime, WallTime ours) {
    bool const near = serverTime && *serverTime > ours - largestSkew && *serverTime < ours + largestSkew;
    return near ? serverTime : std::nullopt;
}

/// Sets the times that follow from the length and from when the login request left.
std::shared_ptr<AccessToken> steered(std::string_view text, JwtClaims const& claims, Lifetime lifetime, SteadyTime left,
                                     TokenPolicy const& policy, double jitter) {
    nanoseconds const length = lifetime.length;
    nanoseconds const tenth = std::min(policy.longestMargin, length / 10);
    nanoseconds const margin = claims.expiresAt ? std::max(tenth, expiryResolution) : tenth;
    nanoseconds const window = std::min(policy.longestWindow, length / 5);
    auto const opening = std::chrono::duration_cast<nanoseconds>(window * (1 - jitter / 4));

    auto result = std::make_shared<AccessToken>();
    result->authorization.reserve(sizeof "Bearer " + text.size());
    result->authorization.append("Bearer ").append(text);
    result->subject = claims.subject;
    result->lifetimeSource = std::move(lifetime.source);
    result->obtainedAt = left;
    result->expiresAt = left + length;
    result->usableUntil = result->expiresAt - margin;
    result->refreshFrom = result->usableUntil - opening;
    if (length < shortestSteered) {
        result->usableUntil = left + shortestSteered;
        result->refreshFrom = result->usableUntil;
    }
    keepOutOfOutput(text, result->expiresAt + forgetAfter);
    return result;
}

} // namespace

std::shared_ptr<AccessToken const> accessToken(Token const& token, Instant left, Instant arrived,
                                               TokenPolicy const& policy, double jitter) {
    JwtClaims const claims = readJwt(token.accessToken.reveal()).value_or(JwtClaims{});
    std::optional<WallTime> const serverTime = believed(token.serverTime, arrived.wall);
    auto result = steered(token.accessToken.reveal(), claims,
                          lifetimeOf(token, claims, serverTime.value_or(arrived.wall), policy.unknownLifetime),
                          left.steady, policy, jitter);
    result->fingerprint = token.accessToken.fingerprint();
    if (serverTime) {
        result->clockSkew = *serverTime - arrived.wall;
    }
    return result;
}

std::shared_ptr<AccessToken const> accessToken(StoredLogin const& login, TokenPolicy const& policy, double jitter) {
    JwtClaims const claims = readJwt(login.accessToken.reveal()).value_or(JwtClaims{});
    nanoseconds const length = std::clamp(login.expiresAt - login.obtainedAt, nanoseconds(0), longestLifetime);
    auto result =
        steered(login.accessToken.reveal(), claims, {length, login.lifetimeSource}, login.obtainedAt, policy, jitter);
    result->fingerprint = login.accessToken.fingerprint();
    result->clockSkew = login.clockSkew;
    return result;
}

} // namespace httptest::v1
