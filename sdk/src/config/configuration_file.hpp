#pragma once

#include <map>
#include <string>
#include <vector>

namespace httptest::inline v1 {

struct FileValue {
    std::string text;
    std::vector<std::string> list; ///< In place of the text.
    bool isList = false;
};

using FileValues = std::map<std::string, FileValue, std::less<>>;

/// Reads a configuration file into dotted keys: JSON where the name ends in `.json`, otherwise lines of `key = value`.
/// @throws Misconfigured  Unreadable, over 1 MiB, malformed, a key twice, a value of a wrong kind; names file and place.
FileValues readConfigurationFile(std::string const& path);

} // namespace httptest::v1
