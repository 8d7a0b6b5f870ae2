#pragma once

#include "grant.hpp"

#include <httptest/settings.hpp>

#include <string>

namespace runai {

/// Who logs in, and how. The secret itself is read at every login.
struct Credentials {
    Grant grant = Grant::clientCredentials;
    std::string id;
    std::string idWhere; ///< Where the id was set.
    httptest::SecretSource secret;

    /// Takes the pair that is configured: client_id and client_secret, or app_id and app_secret.
    /// @throws Misconfigured  None, half a pair or both pairs: names the settings and where they were set.
    static Credentials from(httptest::Settings const& settings);
};

/// How error texts name the place of a setting: an environment variable's name speaks for itself.
std::string shortWhere(std::string const& where);

} // namespace runai
