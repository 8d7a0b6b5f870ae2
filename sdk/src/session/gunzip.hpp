#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// Decodes a gzip file (RFC 1952), all of its members.
///
/// @throws BadReply       Cut short, corrupt, a wrong checksum, or something behind its end.
/// @throws ReplyTooLarge  Longer than `limit`; memory stays within it.
/// The texts begin with "the reply's gzip-encoded body".
std::string gunzipped(std::string_view encoded, std::size_t limit);

} // namespace httptest::v1
