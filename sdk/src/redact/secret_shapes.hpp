#pragma once

#include <httptest/abi.hpp>

#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// `text` without what holds a secret whoever made it: what is shaped like a JWT, and the values of the JSON fields, form
/// fields and headers that carry credentials.
std::string withoutSecretShapes(std::string_view text);

} // namespace httptest::v1
