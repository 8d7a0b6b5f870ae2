#pragma once

#include <httptest/clock.hpp>

#include <chrono>
#include <string>

namespace httptest::inline v1 {

// In UTC. Without gmtime and strftime: those take a lock of the C library's, for which a child of fork() waits for good
// when one of its parent's threads held it.

/// "2026-01-01T00:00:01Z"
std::string utcText(WallTime time);

/// "20260101t000001z"
std::string utcForName(WallTime time);

/// "2026-01-01T00:00:01.125Z"
std::string utcWithMilliseconds(WallTime time);

/// "0.6 ms", or "5.040 s" from a second on.
std::string shortTime(std::chrono::nanoseconds time);

/// "2.0 s"
std::string secondsText(std::chrono::nanoseconds time);

} // namespace httptest::v1
