#pragma once

#include "../collection.hpp"
#include "../router.hpp"
#include "../server_clock.hpp"

#include <string>
#include <vector>

namespace runai::testing {

/// Templates of workspaces, which belong to the tenant. Thread-safe: the collection has a mutex.
class WorkspaceTemplates {
public:
    /// `clock` outlives the object.
    explicit WorkspaceTemplates(ServerClock const& clock) : clock_(clock) {}

    std::vector<Route> routes();

private:
    Reply list(Request const& request) const;
    Reply create(Request const& request);
    Reply get(Request const& request) const;
    Reply remove(Request const& request);

    ServerClock const& clock_;
    Collection templates_; ///< Flat, unlike in replies.
};

} // namespace runai::testing
