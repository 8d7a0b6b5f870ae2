#pragma once

#include <httptest/settings.hpp>

#include <string>
#include <vector>

namespace httptest::inline v1 {

/// Brings a raw value into the form that Settings reads.
/// @throws Misconfigured  Names the value's source.
void checkValue(SettingSpec const& spec, Settings::Value& value);

/// "a, b, c"
std::string joined(std::vector<std::string> const& texts, char const* separator);

} // namespace httptest::v1
