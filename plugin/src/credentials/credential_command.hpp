#pragma once

#include "credentials/credential_source.hpp"

#include <httptest/settings.hpp>

#include <memory>
#include <string>
#include <vector>

namespace runai {

/// A program of the user's (`credential_command`) that prints `{"clientId", "clientSecret"}` or `{"token",
/// "expiresIn"}`. It is started at every login, without a shell and without our secrets in its environment. What it
/// prints counts as new after a minute, so that a rejection of it passes.
/// @throws Misconfigured  The setting is no JSON array of texts, or stands in a file that others can write.
std::unique_ptr<CredentialSource> credentialCommand(httptest::Settings const& settings,
                                                    std::shared_ptr<httptest::Clock> clock);

/// `environment` without variables that carry this project's secrets: those of `secretVariables`, and whatever begins
/// with RUNAI_ or HTTPTEST_ and speaks of a secret, token or password.
std::vector<std::string> withoutSecrets(char const* const* environment,
                                        std::vector<std::string> const& secretVariables);

} // namespace runai
