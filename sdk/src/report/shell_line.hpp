#pragma once

#include <httptest/exchange_record.hpp>

#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// A line for a shell that sends the request again, the token by a pipe: it holds no secret. What it must leave out it
/// names in a comment, an Authorization header that is not the provider's say.
std::string shellLine(ExchangeRecord const& record);

/// A line for a shell that finds out why the request's identity cannot log in.
std::string doctorLine(ExchangeRecord const& record);

/// One word for a POSIX shell.
std::string shellWord(std::string_view text);

} // namespace httptest::v1
