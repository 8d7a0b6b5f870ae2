#pragma once

#include "token/lifecycle.hpp"
#include "token/login_failure.hpp"

#include <httptest/auth_provider.hpp>
#include <httptest/clock.hpp>
#include <httptest/secret.hpp>
#include <httptest/token_cache.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>

namespace httptest::inline v1 {

/// What the callers who wait for a login see of it. Guarded by the mutex of its TokenState.
struct Flight {
    SteadyTime startedAt;
    SteadyTime loginStartedAt; ///< After the wait for another process, if there was one.
    int attempt = 1;
    std::string lastFailure; ///< Of the attempt before.
    bool following = false;  ///< Waits for another process's login.
    bool abandoned = false;  ///< By a reset: nobody uses the result.
    bool done = false;
    std::shared_ptr<AccessToken const> token;
    std::optional<LoginFailure> failure;
};

/// What the callers of a TokenCache and the thread of its login share.
struct TokenState {
    struct Sync {
        std::mutex mutex; // guards everything below sync
        std::condition_variable changed;
    };

    explicit TokenState(TokenPolicy const& policy) : lifecycle(policy) {}

    /// @pre The mutex is held.
    double random() { return std::uniform_real_distribution<double>(0, 1)(generator); }

    std::unique_ptr<Sync> sync = std::make_unique<Sync>(); ///< Replaced in a fork()ed child, where others may hold it.
    Lifecycle lifecycle;
    Secret refreshToken;
    bool heedSharedFailures = true; ///< Not between a reset and the next login that works.
    AuthCounters counters;
    std::minstd_rand generator{std::random_device{}()};
};

} // namespace httptest::v1
