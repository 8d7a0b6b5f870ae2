#pragma once

#include <map>
#include <string>

namespace httptest::inline v1 {

/// Reads a configuration file into dotted keys: JSON where the name ends in `.json`, otherwise lines of `key = value`.
/// @throws Misconfigured  Unreadable, over 1 MiB, malformed, a key twice, a value of a wrong kind; names file and place.
std::map<std::string, std::string, std::less<>> readConfigurationFile(std::string const& path);

} // namespace httptest::v1
