#include "client_registry.hpp"

#include <stdexcept>
#include <utility>

namespace runai::testing {

void ClientRegistry::add(std::string const& id, std::string const& secret, Account account) {
    known_.add(secret);
    std::scoped_lock const lock(mutex_);
    entries_.insert_or_assign(id, Entry{secret, std::move(account)});
}

void ClientRegistry::setSecret(std::string const& id, std::string const& secret) {
    known_.add(secret);
    std::scoped_lock const lock(mutex_);
    auto const entry = entries_.find(id);
    if (entry == entries_.end()) {
        throw std::out_of_range("the fake control plane does not know '" + id + "'; add it first");
    }
    entry->second.secret = secret;
}

void ClientRegistry::remove(std::string const& id) {
    std::scoped_lock const lock(mutex_);
    entries_.erase(id);
}

std::optional<Account> ClientRegistry::find(std::string const& id, std::string const& secret) const {
    std::scoped_lock const lock(mutex_);
    auto const entry = entries_.find(id);
    if (entry == entries_.end() || entry->second.secret != secret) {
        return std::nullopt;
    }
    return entry->second.account;
}

} // namespace runai::testing
