#pragma once

#include "credentials/credential_source.hpp"

#include <httptest/settings.hpp>
#include <httptest/url.hpp>

#include <memory>

namespace runai {

/// The login of the runai command-line tool: the token that it keeps in its folder (`cli_config_path`, else ~/.runai),
/// read anew at every use, since the tool renews it there.
///
/// The token is for the control plane that the folder names. One from another origin than `baseUrl` is not used:
/// a credential and the address that it is sent to must come from the same hand.
/// @throws Misconfigured  There is neither a setting nor a home folder.
std::unique_ptr<CredentialSource> cliLogin(httptest::Settings const& settings, httptest::Url const& baseUrl);

} // namespace runai
