#pragma once

#include "account.hpp"
#include "known_secrets.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace runai::testing {

/// Who may log in: clients by id and secret, users by name and password. Thread-safe.
class ClientRegistry {
public:
    /// `known`, which outlives the registry, hears of every secret.
    explicit ClientRegistry(KnownSecrets& known) : known_(known) {}

    void add(std::string const& id, std::string const& secret, Role role) { add(id, secret, Account{id, role}); }
    /// One that logs in as somebody else, as an access key does for its owner.
    void add(std::string const& id, std::string const& secret, Account account);
    /// Throws std::out_of_range for an unknown id.
    void setSecret(std::string const& id, std::string const& secret);
    void remove(std::string const& id);

    /// Nothing for an unknown id or a wrong secret.
    std::optional<Account> find(std::string const& id, std::string const& secret) const;

private:
    struct Entry {
        std::string secret;
        Account account;
    };

    KnownSecrets& known_;
    mutable std::mutex mutex_; // guards entries_
    std::map<std::string, Entry> entries_;
};

} // namespace runai::testing
