#pragma once

#include "credentials/credential_source.hpp"

#include <httptest/settings.hpp>

#include <memory>

namespace runai {

/// An id and a secret from the settings: client_id and client_secret.
/// @throws Misconfigured  One of the two is missing.
std::unique_ptr<CredentialSource> clientCredentials(httptest::Settings const& settings);

/// The same with app_id and app_secret.
std::unique_ptr<CredentialSource> appToken(httptest::Settings const& settings);

/// The same with username and password; client_id goes with them where it is set.
std::unique_ptr<CredentialSource> userPassword(httptest::Settings const& settings);

} // namespace runai
