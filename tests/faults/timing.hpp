#pragma once

#include "fault_table.hpp"
#include "support/can_fork.hpp"

#include <chrono>

namespace fault_tests {

/// The limit that ends a call; where none does, it has to end within this time nevertheless. Sanitizers make everything slower, most of all handshakes.
inline constexpr std::chrono::milliseconds shortLimit = (sanitized ? 5 : 1) * std::chrono::milliseconds(400);

/// All other limits: a busy machine never reaches them.
inline constexpr std::chrono::milliseconds patience = std::chrono::seconds(20);

/// How much later than its limit a call may end.
inline constexpr std::chrono::milliseconds slack = (sanitized ? 10 : 1) * std::chrono::milliseconds(250);

/// The setting of a limit in a row that `own` ends.
constexpr std::chrono::milliseconds settingOf(Limit limit, Limit own) {
    return limit == own ? shortLimit : patience;
}

} // namespace fault_tests
