#pragma once

#include <httptest/abi.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// What may stand in a secret's place: itself, then those encodings that leave none of its characters: base64, base64url
/// and hex, each as far as it depends on the secret alone, whatever is encoded beside it.
std::vector<std::string> secretForms(std::string_view secret);

} // namespace httptest::v1
