#pragma once

#include <httptest/auth_provider.hpp>
#include <httptest/harness.hpp>

#include <string>

namespace httptest::inline v1 {

/// Appends one JSON line to a file that the processes of a run share; a file that cannot be written costs a notice on
/// standard error, never a test.
void appendSummary(std::string const& file, HarnessCounters const& counters, AuthStatus const& auth) noexcept;

} // namespace httptest::v1
