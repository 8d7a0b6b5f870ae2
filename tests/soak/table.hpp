#pragma once

#include "run.hpp"

#include <string>

namespace soak {

/// The run in figures, for people.
std::string table(Run const& run);

} // namespace soak
