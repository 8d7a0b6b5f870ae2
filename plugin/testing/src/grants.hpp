#pragma once

#include "client_registry.hpp"
#include "refresh_tokens.hpp"
#include "token_issuer.hpp"

#include <runai/testing/fake_control_plane_options.hpp>
#include <runai/testing/login_traffic.hpp>

#include <map>
#include <string>
#include <variant>

namespace runai::testing {

/// A login's parameters under the names of RFC 6749 (`client_id`), whichever API they came by.
using LoginParameters = std::map<std::string, std::string>;

struct GrantRefusal {
    enum class Reason {
        missingParameter,
        unsupportedGrant,
        wrongClient,
        wrongGrant, ///< Password, refresh token or external token.
    };

    Reason reason;
    std::string message;
};

struct Granted {
    IssuedToken token;
    std::string refreshToken = {}; ///< Empty for none.
};

using GrantResult = std::variant<Granted, GrantRefusal>;

/// The grants that both token APIs serve. Which ones an API of a version has is a table in grants.cpp. Thread-safe.
class Grants {
public:
    /// All of them outlive the grants.
    struct Parts {
        ClientRegistry const& clients;
        ClientRegistry const& users;
        TokenIssuer const& identityProvider;
        TokenIssuer& issuer;
        RefreshTokens& refreshTokens;
    };

    Grants(FakeControlPlaneOptions const& options, Parts const& parts)
        : version_(options.version),
          passwordClientId_(options.passwordClientId),
          refreshTokensForClients_(options.refreshTokensForClients),
          parts_(parts) {}

    GrantResult grant(TokenApi api, LoginParameters const& parameters);

private:
    GrantResult toClient(LoginParameters const& parameters, char const* idName, char const* secretName);
    GrantResult toUser(TokenApi api, LoginParameters const& parameters);
    GrantResult toRefreshToken(TokenApi api, LoginParameters const& parameters);
    GrantResult toExternalToken(LoginParameters const& parameters);
    /// The client that users log in with is asked for by v2 alone.
    bool hasRightClient(TokenApi api, LoginParameters const& parameters) const;

    Version version_;
    std::string passwordClientId_;
    bool refreshTokensForClients_;
    Parts parts_;
};

} // namespace runai::testing
