#pragma once

#include "client_registry.hpp"
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
    enum class Reason { missingParameter, unsupportedGrant, wrongCredentials };

    Reason reason;
    std::string message;
};

using GrantResult = std::variant<IssuedToken, GrantRefusal>;

/// The grants that both token APIs serve. Which ones an API of a version has is a table in grants.cpp. Thread-safe.
class Grants {
public:
    /// `clients` and `issuer` outlive the object.
    Grants(Version version, ClientRegistry const& clients, TokenIssuer& issuer)
        : version_(version),
          clients_(clients),
          issuer_(issuer) {}

    GrantResult grant(TokenApi api, LoginParameters const& parameters);

private:
    GrantResult grantToClient(LoginParameters const& parameters, char const* idName, char const* secretName);

    Version version_;
    ClientRegistry const& clients_;
    TokenIssuer& issuer_;
};

} // namespace runai::testing
