#pragma once

#include <string>

namespace httptest::inline v1 {

/// Writes a line to standard error, redacted, unless this process has written it before. Thread-safe.
void noticeOnce(std::string const& text) noexcept;

} // namespace httptest::v1
