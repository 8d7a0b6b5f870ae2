#pragma once

#include <httptest/abi.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// The claims that a client may read (RFC 7519 section 4.1). The signature is the server's business.
struct JwtClaims {
    std::string subject;
    std::string issuer;
    std::string tenant; ///< No registered claim: the first of `tenant_id`, `tenantId`, `tenant`, `tid`.
    std::optional<std::int64_t> issuedAt;  ///< Seconds since 1970.
    std::optional<std::int64_t> expiresAt; ///< Seconds since 1970.
};

/// Reads the claims of a JWT; nothing when the token is none, which is no error: tokens may be opaque.
/// For token sources whose tokens come ready-made: their end is counted from `expiresAt`, not from when they were read.
HTTPTEST_API std::optional<JwtClaims> readJwt(std::string_view token);

} // namespace httptest::v1
