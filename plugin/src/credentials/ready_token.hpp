#pragma once

#include "credentials/credential_source.hpp"

#include <httptest/clock.hpp>
#include <httptest/secret.hpp>
#include <httptest/settings.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace runai {

/// A token from the settings (`token`, `token_file`), used as it is.
/// @throws Misconfigured  There is none.
std::unique_ptr<CredentialSource> readyToken(httptest::Settings const& settings);

/// Makes the SDK's token of one that comes ready. Its lifetime is what is left until its `exp`, by our own clock: no
/// reply's Date is there to correct it. Without an `exp` the lifetime is unknown.
///
/// @param name     "the token of RUNAI_TOKEN_FILE"
/// @param renewal  Who must renew it, and how: the end of the error's sentence.
/// @throws Misconfigured  It has ended, or cannot be a header's value.
httptest::Token usableToken(httptest::Secret token, httptest::WallTime now, std::string const& name,
                            std::string const& renewal);

/// What is left of a JWT at `now`, negative after its end; nothing for a token without an `exp`.
std::optional<std::chrono::seconds> timeLeft(httptest::Secret const& token, httptest::WallTime now);

/// "ended 3 min ago", "ends in 4 s".
std::string endInWords(std::chrono::seconds left);

/// "'/run/token' (RUNAI_TOKEN_FILE)", or the place alone for a value.
std::string fileAndWhere(httptest::SecretSource const& source);

} // namespace runai
