#pragma once

#include <httptest/auth_provider.hpp>
#include <httptest/error.hpp>
#include <httptest/exchange_record.hpp>

#include <string>
#include <vector>

namespace httptest::inline v1 {

/// What to look at first, for the replies and errors whose cause is seldom the test itself.
/// @param auth   What is known of the identity's credential now; null when nothing is.
/// @param error  What the exchange came to; null where that is its reply.
std::vector<std::string> hintsFor(ExchangeRecord const& record, AuthStatus const* auth, Error const* error);

} // namespace httptest::v1
