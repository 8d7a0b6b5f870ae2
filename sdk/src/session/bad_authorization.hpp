#pragma once

#include <httptest/bad_credentials.hpp>

#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// How failure texts name it.
std::string describe(BadCredential const& bad);

/// The value of the Authorization header for one that is made from nothing of the provider's.
std::string madeUpAuthorization(BadCredential const& bad);

/// A header value "Bearer <token>" with the token's signature changed; empty when it is no such value.
std::string tamperedAuthorization(std::string_view authorization);

} // namespace httptest::v1
