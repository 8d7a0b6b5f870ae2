#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace httptest::cli {

/// Reads "3h", "1h30m", "90m", "45s", "2d", or a number of seconds: longer than nothing, a year at most.
/// @throws UsageError  Names the option.
std::chrono::seconds readDuration(std::string_view option, std::string_view text);

/// "3 h 5 min", "59 min 12 s", "4.2 s": two units at most.
std::string describeDuration(std::chrono::nanoseconds duration);

} // namespace httptest::cli
