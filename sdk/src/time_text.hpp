#pragma once

#include <httptest/clock.hpp>

#include <chrono>
#include <string>

namespace httptest::inline v1 {

/// In UTC, to the second, as strftime writes it: "2026-01-01T00:00:01Z".
std::string utcText(WallTime time, char const* format = "%Y-%m-%dT%H:%M:%SZ");

/// "2026-01-01T00:00:01.125Z"
std::string utcWithMilliseconds(WallTime time);

/// "0.6 ms", or "5.040 s" from a second on.
std::string shortTime(std::chrono::nanoseconds time);

/// "2.0 s"
std::string seconds(std::chrono::nanoseconds time);

} // namespace httptest::v1
