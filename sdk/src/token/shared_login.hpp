#pragma once

#include "token/login_failure.hpp"

#include <httptest/clock.hpp>
#include <httptest/token_cache.hpp>
#include <httptest/token_store.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace httptest::inline v1 {

/// One flight's dealings with the token store: take what another process has, else lead and publish, else wait for the
/// one that leads. Without a store it leads at once and publishes nothing. What goes wrong with the store gives it up for
/// this process and is no failure of the login.
class SharedLogin {
public:
    /// What came of looking at the others: a token of theirs, a failure of theirs, or neither: log in.
    struct Found {
        std::shared_ptr<AccessToken const> token = nullptr;
        std::optional<LoginFailure> failure = std::nullopt;
    };

    struct Rules {
        std::function<bool(AccessToken const&)> usable; ///< For this cache: not refused, not the one that it has.
        bool heedFailures = true;
        double jitter = 0;             ///< For the refresh window of a token of theirs.
        std::function<void()> follows; ///< Called when it begins to wait for another process.
    };

    SharedLogin(std::shared_ptr<TokenStore> const& store, TokenSource const& source, Clock& clock,
                TokenPolicy const& policy);
    ~SharedLogin();
    SharedLogin(SharedLogin const&) = delete;
    SharedLogin& operator=(SharedLogin const&) = delete;

    /// Returns when there is something of theirs to use, or when this process may log in; waits as long as another
    /// process leads, unless `stop` is requested.
    Found join(Rules const& rules, std::stop_token const& stop);

    /// Token::hint of the account's last login, after `join`.
    std::string const& hint() const noexcept { return last_.hint; }

    void publish(AccessToken const& token, std::string hint);
    /// Where the failure concerns the others too. @param until  No login before.
    void publish(LoginFailure const& failure, SteadyTime until);

    std::uint64_t ignored() const noexcept { return entry_ ? entry_->ignored() : 0; }

private:
    template <class Action>
    void guarded(Action action);
    Found look(Rules const& rules);
    void publishLast();

    std::shared_ptr<TokenStore> const store_;
    Clock& clock_;
    TokenPolicy const policy_;
    std::unique_ptr<TokenStore::Entry> entry_; ///< Null: without a store.
    StoredLogin last_;
};

} // namespace httptest::v1
