#include "roles.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace runai::testing {

namespace {

struct Resource {
    std::string_view type;
    std::string_view displayName;
    std::string_view group;
};

constexpr Resource department{"department", "Departments", "organization"};
constexpr Resource project{"project", "Projects", "organization"};
constexpr Resource serviceAccount{"service-account", "Service accounts", "iam"};
constexpr Resource accessRules{"access_rules", "Access rules", "iam"};
constexpr Resource workspaces{"workspaces", "Workspaces", "workload"};
constexpr Resource templates{"templates", "Templates", "workload-asset"};

constexpr std::array everyAction{"create", "read", "update", "delete"};
constexpr std::array readOnly{"read"};

struct PredefinedRole {
    std::int64_t id;
    std::string_view name;
    std::string_view description;
    std::vector<Resource> changes;
    std::vector<Resource> reads;
};

std::vector<PredefinedRole> const& roles() {
    static std::vector<PredefinedRole> const all{
        {1,
         "System administrator",
         "Changes everything.",
         {department, project, serviceAccount, accessRules, workspaces, templates},
         {}},
        {2,
         "Department administrator",
         "Changes what is in a department.",
         {project, accessRules, workspaces, templates},
         {department}},
        {3, "L1 researcher", "Runs workloads.", {workspaces, templates}, {department, project}},
        {4, "Viewer", "Changes nothing.", {}, {department, project, workspaces, templates}},
    };
    return all;
}

PredefinedRole const* findRole(std::int64_t id) {
    auto const role = std::find_if(roles().begin(), roles().end(), [&](auto const& item) { return item.id == id; });
    return role == roles().end() ? nullptr : &*role;
}

template <typename Actions>
bool allows(std::vector<Resource> const& resources, Actions const& actions, Permission const& permission) {
    return std::find(actions.begin(), actions.end(), permission.action) != actions.end() &&
           std::any_of(resources.begin(), resources.end(),
                       [&](auto const& resource) { return resource.type == permission.resourceType; });
}

template <typename Actions>
void append(nlohmann::json& permissions, std::vector<Resource> const& resources, Actions const& actions) {
    for (auto const& resource : resources) {
        permissions.push_back({{"resourceType", resource.type},
                               {"displayName", resource.displayName},
                               {"groupId", resource.group},
                               {"actions", actions}});
    }
}

nlohmann::json toJson(PredefinedRole const& role, std::string const& createdAt) {
    auto permissions = nlohmann::json::array();
    append(permissions, role.changes, everyAction);
    append(permissions, role.reads, readOnly);
    return {
        {"id", role.id},
        {"name", role.name},
        {"description", role.description},
        {"permissions", std::move(permissions)},
        {"custom", false},
        {"effectiveEnabled", true},
        {"createdBy", "system"},
        {"createdAt", createdAt},
        {"updatedAt", createdAt},
    };
}

} // namespace

std::vector<Route> Roles::routes() const {
    auto const list = [this](Request const&) {
        auto all = nlohmann::json::array();
        for (auto const& role : roles()) {
            all.push_back(toJson(role, createdAt_));
        }
        return jsonReply(200, all);
    };
    auto const get = [this](Request const& request) {
        for (auto const& role : roles()) {
            if (std::to_string(role.id) == idOf(request)) {
                return jsonReply(200, toJson(role, createdAt_));
            }
        }
        return notFound("Role");
    };
    return {
        {"GET", "/api/v1/authorization/roles", Access::loggedIn(), list},
        {"GET", "/api/v1/authorization/roles/{id}", Access::loggedIn(), get},
    };
}

std::optional<std::string> Roles::nameOf(std::int64_t id) {
    auto const* role = findRole(id);
    return role == nullptr ? std::nullopt : std::optional(std::string(role->name));
}

bool Roles::allows(std::int64_t id, Permission const& permission) {
    auto const* role = findRole(id);
    return role != nullptr && (testing::allows(role->changes, everyAction, permission) ||
                               testing::allows(role->reads, readOnly, permission));
}

} // namespace runai::testing
