#pragma once

#include <httptest/configuration.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// A setting's keys within its section: its own, its aliases, and for a secret those of its file.
std::vector<std::string> keysOf(SettingSpec const& spec);

/// The identity that a key "identity.<name>.<key>" belongs to; empty for other keys.
std::string_view identityOfKey(std::string_view key);

} // namespace httptest::v1
