#include "departments.hpp"

#include "../list_query.hpp"
#include "../request_body.hpp"
#include "org_unit.hpp"

#include <utility>

namespace runai::testing {

namespace {

Place placeOfDepartment(Request const& request) {
    return {.departmentId = idOf(request)};
}

} // namespace

Departments::Departments(ServerClock const& clock, std::string clusterId, InUse inUse)
    : clock_(clock),
      clusterId_(std::move(clusterId)),
      inUse_(std::move(inUse)) {
    auto department = newDepartment("default");
    applyOrgUnitFields({{"resources", nlohmann::json::array()}}, department);
    department["id"] = defaultId_ = std::to_string(++newestId_);
    departments_.add(std::move(department), isNamed("default"));
}

std::vector<Route> Departments::routes() {
    std::string const collection = "/api/v1/org-unit/departments";
    std::string const item = collection + "/{id}";
    return {
        {"GET", collection, Access::loggedIn(), [this](auto const& request) { return list(request); }},
        {"POST", collection, Access::to("create", "department"),
         [this](auto const& request) { return create(request); }},
        {"GET", item, Access::loggedIn(), [this](auto const& request) { return get(request); }},
        {"DELETE", item, Access::to("delete", "department"), [this](auto const& request) { return remove(request); },
         placeOfDepartment},
    };
}

std::optional<std::string> Departments::nameOf(std::string const& id) const {
    auto const department = departments_.find(id);
    return department ? std::optional(department->at("name").get<std::string>()) : std::nullopt;
}

Reply Departments::list(Request const& request) const {
    auto page = ListQuery(request, {.known = {"name", "clusterId", "createdAt"}}).select(departments_.all());
    nlohmann::json body{{"departments", std::move(page.entries)}};
    if (page.next) {
        body["next"] = *page.next;
    }
    return jsonReply(200, body);
}

Reply Departments::create(Request const& request) {
    RequestBody const body(request);
    auto const name = body.text("name");
    if (body.text("clusterId") != clusterId_) {
        return apiError(400, "Cluster not found.", "Take clusterId from GET /api/v1/clusters.");
    }
    auto department = newDepartment(name);
    auto wanted = body.json();
    wanted.emplace("resources", nlohmann::json::array()); // unlike a project, a department may come without
    applyOrgUnitFields(wanted, department);
    department["id"] = std::to_string(++newestId_);
    if (!departments_.add(department, isNamed(name))) {
        return apiError(409, "Resource with this name already exists");
    }
    return jsonReply(201, department);
}

Reply Departments::get(Request const& request) const {
    auto const department = departments_.find(idOf(request));
    return department ? jsonReply(200, *department) : notFound("Department");
}

Reply Departments::remove(Request const& request) {
    auto const& id = idOf(request);
    if (inUse_(id)) {
        return apiError(400, "The department has projects.", "Delete them first.");
    }
    return departments_.remove(id) ? Reply{.status = 204} : notFound("Department");
}

nlohmann::json Departments::newDepartment(std::string const& name) const {
    auto const now = formatTime(clock_.now());
    return {
        {"name", name}, {"clusterId", clusterId_}, {"description", ""}, {"createdAt", now}, {"updatedAt", now},
    };
}

} // namespace runai::testing
