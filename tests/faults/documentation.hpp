#pragma once

#include "fault_table.hpp"

#include <string>
#include <vector>

namespace fault_tests {

/// The rows as tables of Markdown, a heading for each section.
std::string documentation(std::vector<FaultRow> const& rows);

} // namespace fault_tests
