#pragma once

#include <string>

namespace httptest::inline v1 {

/// Writes a line to standard error, redacted and without control characters.
void notice(std::string const& text) noexcept;

/// The same, unless this process has written it before. Thread-safe.
void noticeOnce(std::string const& text) noexcept;

} // namespace httptest::v1
