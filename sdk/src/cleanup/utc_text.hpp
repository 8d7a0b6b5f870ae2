#pragma once

#include <httptest/clock.hpp>

#include <string>

namespace httptest::cleanup {

/// The time in UTC, to the second, as strftime writes it.
std::string utcText(WallTime time, char const* format);

} // namespace httptest::cleanup
