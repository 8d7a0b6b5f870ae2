#pragma once

#include <map>
#include <string>
#include <string_view>

namespace fault_tests {

/// The values of the placeholders of one call, by their names: {"peer", "connected to 127.0.0.1:1234"}.
using Placeholders = std::map<std::string, std::string, std::less<>>;

/// Fills in `{name}` by `values`, in the values too. `{T}` (seconds, as in "0.3"), `{N}` (a whole number), `{DATE}` and
/// `{again}` (how often a login was tried, if more than once) stay.
/// @throws std::invalid_argument  A name is neither.
std::string filled(std::string_view pattern, Placeholders const& values);

/// Whether `text` is exactly the pattern, whatever the times and numbers in it.
bool matches(std::string_view text, std::string_view filledPattern);

} // namespace fault_tests
