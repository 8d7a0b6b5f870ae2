#pragma once

#include <httptest/exchange.hpp>
#include <httptest/location.hpp>
#include <httptest/reporter.hpp>

#include <string>

namespace httptest::inline v1 {

/// Reports what failed, and the exchange: all of it the first time, later where that was.
void fail(Exchange const& exchange, std::string const& what, Outcome outcome, Location where);

/// The same; ends the case whatever the reporter does.
/// @throws ExpectationFailed, or the test framework's exception
[[noreturn]] void endCase(Exchange const& exchange, std::string const& what, Location where);

} // namespace httptest::v1
