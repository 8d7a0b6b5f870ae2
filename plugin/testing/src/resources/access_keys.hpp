#pragma once

#include "../client_registry.hpp"
#include "../collection.hpp"
#include "../router.hpp"
#include "../server_clock.hpp"

#include <optional>
#include <string>
#include <vector>

namespace runai::testing {

/// Access keys: further credentials of whoever makes them, with the owner's permissions, seen by the owner alone.
/// Thread-safe: the collection has a mutex.
class AccessKeys {
public:
    /// Both outlive the object.
    AccessKeys(ServerClock const& clock, ClientRegistry& clients) : clock_(clock), clients_(clients) {}

    std::vector<Route> routes();

private:
    Reply list(Request const& request) const;
    Reply create(Request const& request);
    Reply get(Request const& request) const;
    Reply remove(Request const& request);
    Reply newSecret(Request const& request);

    /// Nothing for an unknown key or another's.
    std::optional<nlohmann::json> findOwn(Request const& request) const;

    ServerClock const& clock_;
    ClientRegistry& clients_;
    Collection keys_;
};

} // namespace runai::testing
