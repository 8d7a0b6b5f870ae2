#include "grants.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace runai::testing {

namespace {

struct SupportedGrant {
    Version version;
    TokenApi api;
    std::string_view name;
};

constexpr std::array supportedGrants{
    SupportedGrant{Version::v2_18, TokenApi::v1, "app_token"},
    SupportedGrant{Version::v2_20, TokenApi::v1, "app_token"},
    SupportedGrant{Version::v2_20, TokenApi::v1, "client_credentials"},
    SupportedGrant{Version::v3_0, TokenApi::v1, "client_credentials"},
    SupportedGrant{Version::v3_0, TokenApi::v2, "client_credentials"},
};

/// What every version's v1 has, and v2 where it is there.
constexpr std::array<std::string_view, 3> commonGrants{"password", "refresh_token", "external_token_exchange"};

bool supports(Version version, TokenApi api, std::string_view name) {
    auto const isCommon = std::find(commonGrants.begin(), commonGrants.end(), name) != commonGrants.end();
    return isCommon || std::any_of(supportedGrants.begin(), supportedGrants.end(), [&](auto const& candidate) {
               return candidate.version == version && candidate.api == api && candidate.name == name;
           });
}

GrantRefusal missing(std::string const& what) {
    return {GrantRefusal::Reason::missingParameter, "Required parameter is missing: " + what};
}

std::string valueOf(LoginParameters const& parameters, std::string const& name) {
    auto const parameter = parameters.find(name);
    return parameter == parameters.end() ? std::string() : parameter->second;
}

} // namespace

GrantResult Grants::grant(TokenApi api, LoginParameters const& parameters) {
    auto const name = valueOf(parameters, "grant_type");
    if (name.empty()) {
        return GrantRefusal{GrantRefusal::Reason::missingParameter, "The grant type is missing."};
    }
    if (!supports(version_, api, name)) {
        return GrantRefusal{GrantRefusal::Reason::unsupportedGrant, "The grant type is not supported."};
    }
    if (name == "app_token") {
        return toClient(parameters, "app_id", "app_secret");
    }
    if (name == "client_credentials") {
        return toClient(parameters, "client_id", "client_secret");
    }
    if (name == "password") {
        return toUser(api, parameters);
    }
    return name == "refresh_token" ? toRefreshToken(api, parameters) : toExternalToken(parameters);
}

GrantResult Grants::toClient(LoginParameters const& parameters, char const* idName, char const* secretName) {
    auto const id = valueOf(parameters, idName);
    auto const secret = valueOf(parameters, secretName);
    if (id.empty() || secret.empty()) {
        return GrantRefusal{GrantRefusal::Reason::missingParameter, "Id or secret of the client is missing."};
    }
    auto const client = parts_.clients.find(id, secret);
    if (!client) {
        return GrantRefusal{GrantRefusal::Reason::wrongClient, "Invalid client or invalid client credentials."};
    }
    return Granted{parts_.issuer.issue(client->id, client->role),
                   refreshTokensForClients_ ? parts_.refreshTokens.issue(*client) : std::string()};
}

GrantResult Grants::toUser(TokenApi api, LoginParameters const& parameters) {
    auto const name = valueOf(parameters, "username");
    auto const password = valueOf(parameters, "password");
    if (name.empty() || password.empty()) {
        return missing(name.empty() ? "username" : "password");
    }
    if (!hasRightClient(api, parameters)) {
        return GrantRefusal{GrantRefusal::Reason::wrongClient, "Invalid client or missing client_id."};
    }
    auto const user = parts_.users.find(name, password);
    if (!user) {
        return GrantRefusal{GrantRefusal::Reason::wrongGrant, "Invalid user credentials."};
    }
    return Granted{parts_.issuer.issue(user->id, user->role), parts_.refreshTokens.issue(*user)};
}

GrantResult Grants::toRefreshToken(TokenApi api, LoginParameters const& parameters) {
    auto const token = valueOf(parameters, "refresh_token");
    if (token.empty()) {
        return missing("refresh_token");
    }
    if (!hasRightClient(api, parameters)) {
        return GrantRefusal{GrantRefusal::Reason::wrongClient, "Invalid client or missing client_id."};
    }
    auto const account = parts_.refreshTokens.redeem(token);
    if (!account) {
        return GrantRefusal{GrantRefusal::Reason::wrongGrant, "Invalid refresh token."};
    }
    return Granted{parts_.issuer.issue(account->id, account->role), parts_.refreshTokens.next(*account)};
}

GrantResult Grants::toExternalToken(LoginParameters const& parameters) {
    auto const token = valueOf(parameters, "external_token");
    if (token.empty()) {
        return missing("external_token");
    }
    auto const check = parts_.identityProvider.check(token);
    if (check.state != TokenState::valid) {
        return GrantRefusal{GrantRefusal::Reason::wrongGrant, "Invalid external token."};
    }
    return Granted{parts_.issuer.issue(check.account.id, check.account.role)};
}

bool Grants::hasRightClient(TokenApi api, LoginParameters const& parameters) const {
    return api == TokenApi::v1 || passwordClientId_.empty() || valueOf(parameters, "client_id") == passwordClientId_;
}

} // namespace runai::testing
