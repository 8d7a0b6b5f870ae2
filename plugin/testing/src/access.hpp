#pragma once

#include <optional>
#include <string>
#include <utility>

namespace runai::testing {

/// What a role allows, in the words of the API's roles: `create`, `project`.
struct Permission {
    std::string action;
    std::string resourceType;
};

/// Where in the organization something lies; without department and project in the whole cluster.
struct Place {
    std::string departmentId = {};
    std::string projectId = {};
};

/// Who may use a route.
struct Access {
    bool open = false;                         ///< Nobody need be logged in.
    std::optional<Permission> permission = {}; ///< Nothing: whoever is logged in.

    static Access everybody() { return {.open = true}; }
    static Access loggedIn() { return {}; }
    static Access to(std::string action, std::string resourceType) {
        return {.permission = Permission{std::move(action), std::move(resourceType)}};
    }
};

} // namespace runai::testing
