#pragma once

#include "support/can_fork.hpp"

#include <chrono>

namespace fault_tests {

/// Sanitizers make everything slower, most of all handshakes.
inline constexpr int slowness = sanitized ? 5 : 1;

// The clients' settings.
inline constexpr std::chrono::milliseconds exchangeTimeout = slowness * std::chrono::milliseconds(300);
inline constexpr std::chrono::milliseconds loginTimeout = exchangeTimeout;
inline constexpr std::chrono::milliseconds connectTimeout = slowness * std::chrono::milliseconds(200);
inline constexpr std::chrono::milliseconds tlsTimeout = connectTimeout;

/// How much later than its limit a call may end, on a busy machine.
inline constexpr std::chrono::milliseconds slack = (sanitized ? 10 : 1) * std::chrono::milliseconds(250);

} // namespace fault_tests
