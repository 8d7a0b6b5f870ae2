#pragma once

#include <httptest/clock.hpp>

#include <string>

namespace httptest::inline v1 {

/// "2026-11-24T07:31:02.125Z"
std::string utcWithMilliseconds(WallTime time);

} // namespace httptest::v1
