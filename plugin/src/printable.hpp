#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace runai {

/// What is shown of a server's message.
constexpr std::size_t longestQuotation = 200;

/// Makes a stranger's text fit for an error message: without secrets that the redactor knows, on one line, without
/// control characters and invalid UTF-8, cut after `limit` bytes.
std::string printable(std::string_view text, std::size_t limit);

} // namespace runai
