#pragma once

#include "grants.hpp"
#include "login_desk.hpp"
#include "router.hpp"

#include <runai/testing/fake_control_plane_options.hpp>

#include <vector>

namespace runai::testing {

/// What the routes of a token API work with; all of it outlives the routes.
struct TokenApiParts {
    Version version;
    bool withoutV1;
    ExpiresIn expiresIn;
    Grants& grants;
    LoginDesk& desk;
    Tally& tally;
};

/// POST /api/v1/token: JSON in, `{"accessToken"}` out; 404 where it was dropped.
std::vector<Route> tokenApiV1(TokenApiParts const& parts);

/// POST /api/v2/token: RFC 6749. Versions before 3.0 answer 404 there.
std::vector<Route> tokenApiV2(TokenApiParts const& parts);

} // namespace runai::testing
