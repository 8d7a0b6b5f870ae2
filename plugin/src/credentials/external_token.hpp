#pragma once

#include "credentials/credential_source.hpp"

#include <httptest/settings.hpp>

#include <memory>

namespace runai {

/// A JWT of an identity provider that the control plane trusts (`external_token`, `external_token_file`), which is
/// exchanged for a token of the control plane's at every login.
/// @throws Misconfigured  None is configured.
std::unique_ptr<CredentialSource> externalToken(httptest::Settings const& settings);

} // namespace runai
