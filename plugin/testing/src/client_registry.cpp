#include "client_registry.hpp"

#include <stdexcept>

namespace runai::testing {

void ClientRegistry::add(std::string const& id, std::string const& secret) {
    std::scoped_lock const lock(mutex_);
    secrets_.insert_or_assign(id, secret);
}

void ClientRegistry::setSecret(std::string const& id, std::string const& secret) {
    std::scoped_lock const lock(mutex_);
    auto const client = secrets_.find(id);
    if (client == secrets_.end()) {
        throw std::out_of_range("the fake control plane has no client '" + id + "'; add it with addClient");
    }
    client->second = secret;
}

void ClientRegistry::remove(std::string const& id) {
    std::scoped_lock const lock(mutex_);
    secrets_.erase(id);
}

bool ClientRegistry::accepts(std::string const& id, std::string const& secret) const {
    std::scoped_lock const lock(mutex_);
    auto const client = secrets_.find(id);
    return client != secrets_.end() && client->second == secret;
}

} // namespace runai::testing
