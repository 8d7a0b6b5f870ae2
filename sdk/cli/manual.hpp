#pragma once

#include "command.hpp"

#include <string>
#include <vector>

namespace httptest::cli {

/// The manual of the whole program.
std::string manual(std::vector<Command> const& commands);

/// The manual of one command.
std::string manualOf(Command const& command);

} // namespace httptest::cli
