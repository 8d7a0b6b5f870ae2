#pragma once

#include "token/shared_login.hpp"
#include "token/token_state.hpp"

#include <httptest/clock.hpp>
#include <httptest/secret.hpp>
#include <httptest/token_cache.hpp>

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace httptest::inline v1 {

/// One login for all who wait: a look at what other processes have, else attempts until one works, one is final or the
/// policy has had enough. Lives on a thread of its own, for one `run`.
class LoginFlight {
public:
    /// The first two must outlive it.
    LoginFlight(TokenCache::Parts const& parts, TokenState& state, std::shared_ptr<Flight> flight,
                std::stop_token stop);

    /// Ends with `done`, and a token or a failure unless it was abandoned.
    void run();

    /// Ends it with a failure, also before it has begun. @pre The mutex is held.
    void fail(LoginFailure failure);

private:
    struct Login {
        std::shared_ptr<AccessToken const> token;
        Secret refreshToken;
        std::string hint;
    };

    enum class Next { again, newCredentials, giveUp };
    enum class Owner { us, others };

    bool joinOthers(SharedLogin& shared);
    void setFollowing(bool following);

    bool logInWithRetries(SharedLogin& shared);
    Login logIn(std::string const& hint, SteadyTime deadline);
    Login fetch(Secret const* refreshToken, std::string const& hint, SteadyTime deadline);
    Next afterFailure(LoginFailure const& failure, SteadyTime deadline);
    void giveUp(SharedLogin& shared, LoginFailure failure);

    LoginFailure refusedAgain() const;
    std::string withCauses() const;
    std::string successText(AccessToken const& token) const;
    void emit(AuthEvent::Kind kind, std::string fingerprint, std::string text) const;

    // With the mutex held.
    void land(Login login, Owner owner);
    void end();

    TokenCache::Parts const& parts_;
    TokenState& state_;
    std::shared_ptr<Flight> const flight_;
    std::stop_token const stop_;
    std::string version_; ///< Of the credentials that are tried.
    std::vector<std::string> causes_;
};

} // namespace httptest::v1
