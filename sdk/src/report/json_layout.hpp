#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// Puts a JSON text, or the start of one, on indented lines; what fits on one line stays there.
///
/// Works on the text and not on values: numbers, duplicates and the order of members stay as the server wrote them.
/// @param limit  Stops soon after so many bytes.
std::string layOutJson(std::string_view json, std::size_t indent, std::size_t limit);

} // namespace httptest::v1
