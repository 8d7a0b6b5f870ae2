#pragma once

#include "arguments.hpp"
#include "exit_code.hpp"

#include <cstddef>
#include <vector>

namespace httptest::cli {

/// One of the program's commands: what its manual says and what it does.
struct Command {
    char const* name;
    char const* synopsis; ///< What follows the name: "[--json] [--for DURATION]".
    char const* summary;  ///< One line.
    char const* description;
    std::vector<Option> options; ///< Without `--help`, which all have.
    std::size_t operandsMin;
    std::size_t operandsMax;
    char const* examples;
    /// @throws UsageError, OutputError, httptest::Error
    ExitCode (*run)(Arguments const& arguments);
};

// One file each in commands/.
Command doctorCommand();
Command tokenCommand();
Command requestCommand();
Command pluginsCommand();
Command configCommand();
Command storeCommand();
Command sweepCommand();

/// All of them, in the order of the manual. A new command is a file and a line here.
std::vector<Command> allCommands();

/// Runs the program.
/// @param words  Its arguments without its own name.
/// @return Its exit code. Throws nothing; errors go to standard error.
int runProgram(std::vector<std::string> const& words) noexcept;

} // namespace httptest::cli
