#pragma once

#include <httptest/abi.hpp>
#include <httptest/location.hpp>

#include <cstddef>
#include <functional>

namespace httptest::inline v1 {

/// Calls `run(0)` to `run(count - 1)`, each on a thread of its own, and waits for all of them:
///
///     parallel(8, [&](std::size_t i) { session.get("/api/v1/clusters").send().requireStatus(200); });
///
/// Sessions may be shared. Expectations that fail there are failures of the case; a requirement ends its thread, and the
/// case when all have ended. So does any exception: the first is thrown anew here, what the others threw is a failure at
/// the call.
/// @param count  1 to 1,000.
/// @throws InvalidRequest  Another count.
HTTPTEST_API void parallel(std::size_t count, std::function<void(std::size_t)> const& run,
                           Location where = Location::current());

} // namespace httptest::v1
