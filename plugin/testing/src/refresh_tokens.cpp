#include "refresh_tokens.hpp"

#include "random_text.hpp"

namespace runai::testing {

std::string RefreshTokens::issue(Account const& account) {
    auto token = randomSecret();
    known_.add(token);
    std::scoped_lock const lock(mutex_);
    accounts_.emplace(token, account);
    return token;
}

std::optional<Account> RefreshTokens::redeem(std::string const& token) {
    std::scoped_lock const lock(mutex_);
    auto const found = accounts_.find(token);
    if (found == accounts_.end()) {
        return std::nullopt;
    }
    auto account = found->second;
    if (rotate_) {
        accounts_.erase(found);
    }
    return account;
}

void RefreshTokens::revokeAll() {
    std::scoped_lock const lock(mutex_);
    accounts_.clear();
}

} // namespace runai::testing
