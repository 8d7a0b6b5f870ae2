#pragma once

#include <httptest/clock.hpp>

#include <chrono>
#include <string>

namespace httptest::inline v1 {

/// "2026-01-01T00:00:01Z"
std::string utcText(WallTime time);

/// "0.6 ms", or "5.040 s" from a second on.
std::string shortTime(std::chrono::nanoseconds time);

} // namespace httptest::v1
