#pragma once

#include <httptest/token_cache.hpp>
#include <httptest/token_source.hpp>

#include <string>

namespace httptest::inline v1 {

// What a token source says of itself. It may be a plugin's, and one that throws must not end the process.

/// Whose login it is, for texts.
std::string account(TokenCache::Parts const& parts);

/// Credentials that cannot be read are another version than any that can.
std::string credentialVersion(TokenSource const& source);

} // namespace httptest::v1
