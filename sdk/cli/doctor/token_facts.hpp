#pragma once

#include "doctor/report.hpp"

#include <httptest/auth_provider.hpp>
#include <httptest/clock.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace httptest::cli {

/// Says of a token what may be said, and whether it lasts.
/// @param authorization  The header's value; only a JWT's claims are read from it.
/// @param needed         `--for`.
Step describeToken(AuthStatus const& status, std::string_view authorization, Instant now,
                   std::optional<std::chrono::seconds> needed);

} // namespace httptest::cli
