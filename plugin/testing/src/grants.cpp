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
    auto const supported = std::any_of(supportedGrants.begin(), supportedGrants.end(), [&](auto const& candidate) {
        return candidate.version == version_ && candidate.api == api && candidate.name == name;
    });
    if (!supported) {
        return GrantRefusal{GrantRefusal::Reason::unsupportedGrant, "The grant type is not supported."};
    }
    return name == "app_token" ? grantToClient(parameters, "app_id", "app_secret")
                               : grantToClient(parameters, "client_id", "client_secret");
}

GrantResult Grants::grantToClient(LoginParameters const& parameters, char const* idName, char const* secretName) {
    auto const id = valueOf(parameters, idName);
    auto const secret = valueOf(parameters, secretName);
    if (id.empty() || secret.empty()) {
        return GrantRefusal{GrantRefusal::Reason::missingParameter, "Id or secret of the client is missing."};
    }
    if (!clients_.accepts(id, secret)) {
        return GrantRefusal{GrantRefusal::Reason::wrongCredentials, "Invalid client or invalid client credentials."};
    }
    return issuer_.issue(id);
}

} // namespace runai::testing
