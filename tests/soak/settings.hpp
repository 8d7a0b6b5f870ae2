#pragma once

#include <chrono>
#include <cstdint>

namespace soak {

struct Settings {
    std::chrono::seconds duration{30}; ///< HTTPTEST_SOAK_SECONDS
    std::uint64_t seed = 0;            ///< HTTPTEST_SOAK_SEED; drawn anew for each run where it is not set.
    unsigned faultsPerMille = 10;      ///< HTTPTEST_SOAK_FAULTS_PER_MILLE; 0 for a run in which nothing goes wrong.

    // The load that the promises are made for.
    int threads = 16;
    int identities = 10;
    std::chrono::seconds tokenLifetime{10};
};

/// @throws std::runtime_error  A variable holds something else than a number in its range.
Settings settingsOfEnvironment();

} // namespace soak
