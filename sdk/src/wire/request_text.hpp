#pragma once

#include <httptest/request.hpp>

#include <string>
#include <string_view>

namespace httptest::wire {

/// A request as it goes on the wire, in two pieces so that a large body is not copied.
struct RequestText {
    std::string head;      ///< With the body in it where that is small.
    std::string_view body; ///< What is left of it; borrowed from the request.
    bool close = false;    ///< The caller asked for `Connection: close`.
};

/// How the request line names its target (RFC 9112 section 3.2).
enum class TargetForm { origin, absolute };

/// @param proxyAuthorization  Value of that header; empty for none.
/// @throws InvalidRequest  For whatever could change the message's framing, or the next message: a method or header
///         name that is no token, control characters in values, white space in the target, a Content-Length of the
///         caller's that is not the body's, a Transfer-Encoding. Names what it is, never a value.
RequestText requestText(Request const& request, TargetForm form, std::string_view proxyAuthorization);

/// GET, HEAD, PUT, DELETE, OPTIONS, TRACE (RFC 9110 section 9.2.2).
bool isIdempotent(std::string_view method) noexcept;

} // namespace httptest::wire
