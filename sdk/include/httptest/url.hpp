#pragma once

#include <httptest/abi.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// Scheme, host and port: what a credential is bound to (RFC 6454). Normalised by `Url::parse`: lower case, the port
/// filled in, no brackets around IPv6 addresses, no trailing dot.
struct HTTPTEST_API Origin {
    std::string scheme;
    std::string host;
    std::uint16_t port = 0;

    bool secure() const noexcept { return scheme == "https"; }

    /// localhost, 127.0.0.0/8 and ::1: what never leaves the machine.
    bool loopback() const noexcept;

    /// `host:port` as in a Host header: the port only where it is not the scheme's own, brackets around IPv6.
    std::string authority() const;

    /// `scheme://authority`.
    std::string text() const;

    friend bool operator==(Origin const&, Origin const&) = default;
};

/// An absolute http or https URL without user-info and fragment.
struct HTTPTEST_API Url {
    Origin origin;
    /// Path and query as they go on the wire; begins with '/'.
    std::string target = "/";

    /// @throws InvalidRequest  For anything that is not an absolute http(s) URL with a host and a valid port, for
    ///         user-info (credentials do not belong in URLs), control characters and white space. Names the text.
    static Url parse(std::string_view text);

    /// Resolves a reference, a redirect's Location say, against this URL (RFC 3986 section 5).
    /// @throws InvalidRequest  As `parse`.
    Url resolve(std::string_view reference) const;

    std::string text() const;
};

/// Percent-encodes everything but RFC 3986's unreserved characters: a path segment or a query's key or value.
HTTPTEST_API std::string percentEncode(std::string_view text);

/// `application/x-www-form-urlencoded` (WHATWG URL, section 5): as above, with '+' for a space.
HTTPTEST_API std::string formEncode(std::string_view text);

} // namespace httptest::v1
