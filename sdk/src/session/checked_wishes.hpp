#pragma once

#include <httptest/location.hpp>

#include <chrono>
#include <string>

namespace httptest::inline v1 {

/// More are never meant: a chain that long is a circle of changing URLs.
inline constexpr int mostRedirects = 50;

/// Of a request, a wait, a setting: what is meant to last longer is a slip of units, or would overflow a clock.
inline constexpr std::chrono::milliseconds longestTimeout = std::chrono::hours(24);

/// @throws InvalidRequest  At `where`, always.
[[noreturn]] void refuseRequest(std::string const& why, Location where);

/// @throws InvalidRequest  Zero or less, or over `longestTimeout`.
std::chrono::milliseconds checkedTimeout(std::chrono::milliseconds limit, Location where);

/// @throws InvalidRequest  Not from 1 to `mostRedirects`.
int checkedRedirects(int most, Location where);

} // namespace httptest::v1
