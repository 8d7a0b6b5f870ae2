#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace httptest::wire {

/// At most `limit` characters of a peer's bytes without their secrets, quoted, everything unprintable replaced by '?'.
std::string excerpt(std::string_view text, std::size_t limit = 60);

/// What the C library calls an error number: "Connection refused".
std::string errnoText(int error);

} // namespace httptest::wire
