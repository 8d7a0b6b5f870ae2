#include "session/bad_authorization.hpp"

#include <cstddef>
#include <ostream>

namespace httptest::inline v1 {

namespace {

constexpr std::string_view scheme = "Bearer ";

} // namespace

std::string describe(BadCredential const& bad) {
    switch (bad.kind) {
    case BadCredential::Kind::garbage: return "a text that is no token";
    case BadCredential::Kind::tampered: return "the token with a changed signature";
    case BadCredential::Kind::wrongScheme: return "the scheme Basic";
    case BadCredential::Kind::empty: return "an empty token";
    case BadCredential::Kind::given: return "the token that the test gave";
    case BadCredential::Kind::ofIdentity: return "the token of the identity '" + bad.identity + "'";
    }
    return {};
}

std::ostream& operator<<(std::ostream& stream, BadCredential const& bad) {
    return stream << describe(bad);
}

std::string madeUpAuthorization(BadCredential const& bad) {
    switch (bad.kind) {
    case BadCredential::Kind::garbage: return std::string(scheme) + "httptest-garbage-that-no-server-issued";
    case BadCredential::Kind::wrongScheme: return "Basic aHR0cHRlc3Q6bm8tcGFzc3dvcmQ="; // httptest:no-password
    case BadCredential::Kind::given:
        return std::string(scheme).append(bad.token ? bad.token->reveal() : std::string_view());
    case BadCredential::Kind::empty:
    case BadCredential::Kind::tampered:
    case BadCredential::Kind::ofIdentity: break;
    }
    return std::string(scheme);
}

std::string tamperedAuthorization(std::string_view authorization) {
    if (!authorization.starts_with(scheme) || authorization.size() == scheme.size()) {
        return {};
    }
    std::string value(authorization);
    auto const dot = value.rfind('.');
    // The first letter of a signature carries six of its bits; the last one may carry none.
    std::size_t const at = dot != std::string::npos && dot + 1 < value.size()
                               ? dot + 1
                               : scheme.size() + (value.size() - scheme.size()) / 2;
    value[at] = value[at] == 'A' ? 'B' : 'A';
    return value;
}

} // namespace httptest::v1
