#pragma once

#include <httptest/request.hpp>
#include <httptest/response.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace httptest::testing {

/// Status line and fields, up to and including the empty line.
std::string headText(Response const& reply);

/// Reads the head of a request, in any of its forms (RFC 9112 section 3.2).
/// @param own  Scheme and authority of the server that got it.
/// @throws InvalidRequest
Request parseHead(std::string_view head, Origin const& own);

/// 0 where the request has no Content-Length.
/// @throws InvalidRequest
std::size_t bodySize(Request const& request);

} // namespace httptest::testing
