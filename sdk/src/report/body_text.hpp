#pragma once

#include <httptest/headers.hpp>

#include <string>

namespace httptest::inline v1 {

/// The start of a body for a failure text: redacted, JSON on indented lines; ends with a line feed. Empty for none.
std::string bodyText(std::string const& body, Headers const& headers);

} // namespace httptest::v1
