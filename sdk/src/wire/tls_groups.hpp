#pragma once

#include <openssl/ssl.h>

namespace httptest::wire {

/// Prefers these groups for the key exchange. Where this OpenSSL refuses one of them, as builds for FIPS do X25519, those
/// that the context had stay. Returns whether they were taken.
bool preferGroups(SSL_CTX* context, char const* groups) noexcept;

} // namespace httptest::wire
