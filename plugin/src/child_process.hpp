#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <vector>

namespace runai {

/// How a program that we started came to its end.
struct ChildResult {
    enum class End {
        exited,
        killed, ///< By a signal, and not by us.
        notStarted,
        timedOut,
        flooded, ///< It printed more than it may.
        cancelled,
    };

    End end = End::exited;
    int code = 0;       ///< Exit status, signal or errno.
    std::string output; ///< From standard output: secret.
    std::string errors; ///< The last lines from standard error, which may hold secrets.
};

struct ChildLimits {
    std::chrono::nanoseconds time;
    std::size_t outputBytes;
    std::size_t errorBytes; ///< Of what comes on standard error the last so many bytes are kept.
};

/// Runs a program to its end, without a shell: `arguments[0]` is looked for in PATH unless it holds a '/'.
///
/// It gets an empty standard input, no descriptor of ours, no blocked signals, and a process group of its own, which
/// is killed as a whole when a limit is passed or `stop` is requested. No zombie is left behind.
/// @param environment  `NAME=value` each, and nothing else.
/// @throws std::system_error  No pipe could be made.
ChildResult runChild(std::vector<std::string> const& arguments, std::vector<std::string> const& environment,
                     ChildLimits const& limits, std::stop_token const& stop);

} // namespace runai
