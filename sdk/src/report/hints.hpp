#pragma once

#include <httptest/auth_provider.hpp>
#include <httptest/exchange_record.hpp>

#include <string>
#include <vector>

namespace httptest::inline v1 {

/// What to look at first, for the replies whose cause is seldom the test itself.
/// @param auth  What is known of the identity's credential now; null when nothing is.
std::vector<std::string> hintsFor(ExchangeRecord const& record, AuthStatus const* auth);

} // namespace httptest::v1
