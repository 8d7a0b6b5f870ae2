#pragma once

#include "account.hpp"
#include "known_secrets.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace runai::testing {

/// The refresh tokens that are good (RFC 6749 section 6). Thread-safe.
class RefreshTokens {
public:
    /// @param rotate  A token is good for one use, and its reply brings the next one.
    /// @param known   Hears of every token; outlives this object.
    RefreshTokens(bool rotate, KnownSecrets& known) : rotate_(rotate), known_(known) {}

    std::string issue(Account const& account);

    /// Whose token it is; nothing for one that was never issued, used up or revoked.
    std::optional<Account> redeem(std::string const& token);

    /// What a refresh's reply brings: empty when the old token stays good.
    std::string next(Account const& account) { return rotate_ ? issue(account) : std::string(); }

    void revokeAll();

private:
    bool const rotate_;
    KnownSecrets& known_;
    std::mutex mutex_; // guards accounts_
    std::map<std::string, Account> accounts_;
};

} // namespace runai::testing
