#pragma once

#include <httptest/abi.hpp>
#include <httptest/secret.hpp>

#include <iosfwd>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace httptest::inline v1 {

/// A credential that a test sends on purpose so that the server refuses it: `RequestBuilder::auth(bad::garbage())`.
///
/// It takes the place of the session's own, goes to the same origins and no other, and is sent once: a 401 for it is
/// the answer, neither refreshed nor replayed, and the identity's good token stays in use. A plain value.
struct BadCredential {
    enum class Kind { garbage, tampered, wrongScheme, empty, given, ofIdentity };
    Kind kind = Kind::garbage;
    std::shared_ptr<Secret const> token = nullptr; ///< For `given`.
    std::string identity = {};                     ///< For `ofIdentity`.
};

/// Names the kind: "a text that is no token". For data-driven cases, which print what they run with.
HTTPTEST_API std::ostream& operator<<(std::ostream& stream, BadCredential const& bad);

namespace bad {

/// `Bearer` and a text that no server has issued.
inline BadCredential garbage() {
    return {BadCredential::Kind::garbage};
}

/// The session's real token with its signature changed (one letter of the last part; of an opaque token its middle).
/// Logs in where necessary.
/// @throws Misconfigured  By send(): the provider attaches no bearer token.
inline BadCredential tampered() {
    return {BadCredential::Kind::tampered};
}

/// `Basic` with a made-up user and password. The real token is not sent under another scheme, since servers write the
/// user names of Basic authentication to their logs.
inline BadCredential wrongScheme() {
    return {BadCredential::Kind::wrongScheme};
}

/// `Authorization: Bearer ` without a token.
inline BadCredential empty() {
    return {BadCredential::Kind::empty};
}

/// `Bearer` and an expired token that the test has.
inline BadCredential expired(Secret token) {
    return {BadCredential::Kind::given, std::make_shared<Secret const>(std::move(token))};
}

/// The token of another identity, sent to this one's base URL; only where that identity's own origins allow it.
inline BadCredential of(std::string identity) {
    return {BadCredential::Kind::ofIdentity, nullptr, std::move(identity)};
}

/// Those that need nothing of the test's: garbage, tampered, wrongScheme and empty.
inline std::vector<BadCredential> all() {
    return {garbage(), tampered(), wrongScheme(), empty()};
}

} // namespace bad

} // namespace httptest::v1
