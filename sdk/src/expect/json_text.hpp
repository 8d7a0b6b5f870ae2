#pragma once

#include "expect/json_document.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// The value as JSON without white space, numbers as they were written. Stops soon after `limit` bytes.
std::string compactJson(JsonView value, std::size_t limit = std::string::npos);

/// The value for a failure text: compact, redacted, cut; "nothing" for nothing.
/// @param memberName  The name it has as a member, which may say that it is a secret.
std::string shownJson(JsonView value, std::string_view memberName = {});

/// Whether values of members of this name are never shown.
bool isSecretMember(std::string_view name);

/// A name from outside, in quotes, cut.
std::string inJsonQuotes(std::string_view name);

/// "1 element", "3 elements"
std::string counted(std::size_t count, char const* noun);

} // namespace httptest::v1
