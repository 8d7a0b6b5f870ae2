#pragma once

#include <map>
#include <string>
#include <vector>

/// How a child process ended, and what it wrote.
struct Ended {
    int exitCode = -1; ///< Negative: the signal that ended it.
    std::string output;
    std::string errors;
};

using Variables = std::map<std::string, std::string>;

/// Where the child's standard output goes.
enum class Output {
    captured,
    terminal, ///< A pseudo-terminal, captured too.
    nobody,   ///< A pipe that nobody reads any longer.
    full,     ///< /dev/full
    closed,
};

/// Runs the `httptest` command with these arguments and these variables alone (besides those of sanitizers), and
/// waits for its end.
Ended runCommand(std::vector<std::string> const& arguments, Variables const& variables,
                 Output output = Output::captured);

/// The same for any program, by its absolute path.
Ended runProgram(std::string const& program, std::vector<std::string> const& arguments, Variables const& variables,
                 Output output = Output::captured);
