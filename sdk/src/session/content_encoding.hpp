#pragma once

#include <httptest/request.hpp>
#include <httptest/response.hpp>

#include <cstddef>

namespace httptest::inline v1 {

/// Decodes a body whose Content-Encoding is gzip; leaves every other, and all headers, as they came.
/// @throws BadReply, ReplyTooLarge  See `gunzipped`; the texts name the request.
void decodeBody(Response& response, Request const& request, std::size_t limit);

} // namespace httptest::v1
