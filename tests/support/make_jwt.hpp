#pragma once

#include "support/base64.hpp"

#include <string>
#include <string_view>

namespace httptest::testing {

/// A token with these claims, in JSON, and a signature that nobody checks.
inline std::string makeJwt(std::string_view claims) {
    return "eyJhbGciOiJSUzI1NiJ9." + base64Url(claims) + ".c2lnbmF0dXJl";
}

} // namespace httptest::testing
