#pragma once

#include <httptest/headers.hpp>

#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// The beginning of a message's body without its secrets, none of which is cut in two; empty for no body.
///
/// Of an encoded body only the size is told: it could be decoded by whoever reads the text, and no secret be found in it.
std::string bodyExcerpt(Headers const& headers, std::string_view body);

} // namespace httptest::v1
