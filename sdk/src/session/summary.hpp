#pragma once

#include "session/identities.hpp"

#include <string>
#include <vector>

namespace httptest::inline v1 {

/// Appends one JSON line to a file that the processes of a run share; a file that cannot be written costs a notice on
/// standard error, never a test.
void appendSummary(std::string const& file, std::vector<IdentityRecord> const& identities) noexcept;

} // namespace httptest::v1
