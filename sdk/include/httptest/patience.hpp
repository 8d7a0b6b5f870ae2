#pragma once

#include <httptest/condition.hpp>

#include <chrono>
#include <vector>

namespace httptest::inline v1 {

/// Pauses between attempts, growing by half from `first` to `longest`; `{2s}` are pauses that do not grow.
struct Pauses {
    std::chrono::nanoseconds first{0};
    std::chrono::nanoseconds longest{0}; ///< Zero for `first`.
};

/// How a wait is made, as a value to be kept and shared by many:
///
///     Patience const patient{.within = 60s, .every = {1s, 5s}, .failFastOn = {status({401, 403, 404})}};
///     eventually(request, patient).until(status(200));
///
/// Each means what the call of this name on `Eventually` does, and what is left out the same as there.
struct Patience {
    std::chrono::nanoseconds within = std::chrono::minutes(1);
    Pauses every = {};
    std::vector<Condition> failFastOn = {};
};

} // namespace httptest::v1
