#pragma once

#include <httptest/abi.hpp>

namespace httptest::inline v1 {

/// From now on a SIGTERM, from a time-out of CTest or Jenkins say, first writes the requests and logins that are under way
/// to standard error: method, URL without secrets, identity, since when. Then it does what it did before, which ends the
/// process unless somebody had a handler.
///
/// HarnessFixture calls this; other programs may, as early as they like. Once is enough. A process that ignores SIGTERM
/// goes on to do so.
HTTPTEST_API void reportInFlightOnSigterm() noexcept;

} // namespace httptest::v1
