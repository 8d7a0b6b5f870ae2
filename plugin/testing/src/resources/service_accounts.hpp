#pragma once

#include "../client_registry.hpp"
#include "../collection.hpp"
#include "../router.hpp"
#include "../server_clock.hpp"

#include <string>
#include <vector>

namespace runai::testing {

/// Service accounts. A new one can log in at once and may read; access rules let it do more. Thread-safe: the collection
/// has a mutex.
class ServiceAccounts {
public:
    /// Both outlive the object.
    ServiceAccounts(ServerClock const& clock, ClientRegistry& clients) : clock_(clock), clients_(clients) {}

    std::vector<Route> routes();

private:
    Reply list() const;
    Reply create(Request const& request);
    Reply get(Request const& request) const;
    Reply remove(Request const& request);
    Reply newSecret(Request const& request);

    ServerClock const& clock_;
    ClientRegistry& clients_;
    Collection accounts_;
};

} // namespace runai::testing
