#pragma once

#include "credentials/credential_source.hpp"

#include <httptest/clock.hpp>
#include <httptest/settings.hpp>
#include <httptest/url.hpp>

#include <memory>
#include <string>
#include <vector>

namespace runai {

/// The credentials that are configured, and how they were found.
struct Choice {
    std::unique_ptr<CredentialSource> source;
    /// "client_id (RUNAI_CLIENT_ID), client_secret (RUNAI_CLIENT_SECRET_FILE); not used: token (RUNAI_TOKEN)": what was
    /// found where, without values.
    std::string found;
};

/// Takes the mode that the setting `credentials` names, or the one that follows from what is configured.
/// @throws Misconfigured  None, half of one, or two at once: names the settings and where they were set.
Choice chooseCredentials(httptest::Settings const& settings, httptest::Url const& baseUrl,
                         std::shared_ptr<httptest::Clock> const& clock);

/// What the setting `credentials` may be.
std::vector<std::string> credentialModes();

} // namespace runai
