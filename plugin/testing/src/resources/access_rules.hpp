#pragma once

#include "../access.hpp"
#include "../account.hpp"
#include "../collection.hpp"
#include "../router.hpp"
#include "../server_clock.hpp"
#include "clusters.hpp"
#include "departments.hpp"
#include "projects.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <vector>

namespace runai::testing {

/// Who has which role where; what the rules say holds at once, for tokens that are out already too. Thread-safe: the
/// collection has a mutex.
class AccessRules {
public:
    /// All of them outlive the object.
    struct Parts {
        ServerClock const& clock;
        Clusters const& clusters;
        Departments const& departments;
        Projects const& projects;
    };

    explicit AccessRules(Parts const& parts) : parts_(parts) {}

    std::vector<Route> routes();

    /// An account's own role and the rules for it add up. Rules for groups permit nobody, since nobody is in one.
    bool permit(Account const& account, Permission const& permission, Place const& place) const;

private:
    Reply list(Request const& request) const;
    Reply create(Request const& request);
    Reply get(Request const& request) const;
    Reply remove(Request const& request);

    Place placeOf(std::string const& scopeType, std::string const& scopeId) const;
    /// Nothing for a scope that is not there.
    std::optional<std::string> scopeName(std::string const& scopeType, std::string const& scopeId) const;

    Parts parts_;
    std::atomic<int> newestId_ = 0;
    Collection rules_;
};

} // namespace runai::testing
