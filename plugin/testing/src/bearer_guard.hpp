#pragma once

#include "router.hpp"
#include "tally.hpp"
#include "token_issuer.hpp"

#include <optional>

namespace runai::testing {

class AccessRules;

/// Lets requests pass that carry a valid token of an account which may do what they ask for. Thread-safe.
class BearerGuard {
public:
    /// All of them outlive the guard.
    BearerGuard(TokenIssuer const& issuer, AccessRules const& rules, Tally& tally)
        : issuer_(issuer),
          rules_(rules),
          tally_(tally) {}

    /// @see Router::Guard
    std::optional<Reply> check(Request& request, Route const* route) const;

private:
    Reply unauthorized(char const* why) const;

    TokenIssuer const& issuer_;
    AccessRules const& rules_;
    Tally& tally_;
};

} // namespace runai::testing
