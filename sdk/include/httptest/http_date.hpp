#pragma once

#include <httptest/abi.hpp>
#include <httptest/clock.hpp>
#include <httptest/error.hpp>
#include <httptest/headers.hpp>

#include <optional>
#include <string_view>

namespace httptest::inline v1 {

/// Reads an HTTP date in any of its three forms (RFC 9110 section 5.6.7); nothing for anything else.
HTTPTEST_API std::optional<WallTime> parseHttpDate(std::string_view text);

/// The reply's Date, where it has a valid one.
HTTPTEST_API std::optional<WallTime> serverTime(Headers const& headers);

/// The reply's Retry-After from now on, given in seconds or as a date (RFC 9110 section 10.2.3). A date is measured
/// against the reply's own Date where there is one, so that skewed clocks do not matter. Never negative.
HTTPTEST_API RetryAfter retryAfter(Headers const& headers, WallTime now);

} // namespace httptest::v1
