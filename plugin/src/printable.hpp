#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace runai {

/// Makes a stranger's text fit for an error message: without secrets that the redactor knows, on one line, without
/// control characters and invalid UTF-8, cut after `limit` bytes.
std::string printable(std::string_view text, std::size_t limit);

} // namespace runai
