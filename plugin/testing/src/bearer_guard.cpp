#include "bearer_guard.hpp"

#include "bad_request.hpp"
#include "resources/access_rules.hpp"

#include <Poco/String.h>

#include <string>
#include <string_view>

namespace runai::testing {

namespace {

constexpr std::string_view bearerScheme = "bearer ";

/// Why a token is refused; null for a valid one.
char const* describe(TokenState state) {
    switch (state) {
    case TokenState::valid: return nullptr;
    case TokenState::malformed: return "The token is malformed.";
    case TokenState::foreign: return "Issuer is not familiar.";
    case TokenState::expired: return "The token is expired.";
    case TokenState::revoked: return "The token was revoked.";
    }
    return "The token is malformed.";
}

/// A request that is wrong in itself acts nowhere in particular: who may not act everywhere is told that first.
Place placeOf(Request const& request, Route const& route) {
    try {
        return route.place ? route.place(request) : Place{};
    } catch (BadRequest const&) {
        return {};
    }
}

} // namespace

std::optional<Reply> BearerGuard::check(Request& request, Route const* route) const {
    auto const authorization = header(request, "Authorization");
    if (authorization.empty()) {
        return unauthorized("The Authorization header is missing.");
    }
    if (Poco::icompare(authorization.substr(0, bearerScheme.size()), std::string(bearerScheme)) != 0) {
        return unauthorized("The Authorization header must be of type Bearer.");
    }
    auto const token = issuer_.check(authorization.substr(bearerScheme.size()));
    if (auto const* refusal = describe(token.state)) {
        return unauthorized(refusal);
    }
    request.account = token.account;
    if (route != nullptr && route->access.permission &&
        !rules_.permit(request.account, *route->access.permission, placeOf(request, *route))) {
        return apiError(403, "You do not have sufficient permissions.");
    }
    return std::nullopt;
}

Reply BearerGuard::unauthorized(char const* why) const {
    tally_.count(&Counters::unauthorized);
    return apiError(401, why);
}

} // namespace runai::testing
