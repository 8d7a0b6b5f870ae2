#include "projects.hpp"

#include "../bad_request.hpp"
#include "../list_query.hpp"
#include "../request_body.hpp"
#include "org_unit.hpp"

#include <utility>

namespace runai::testing {

namespace {

/// Creation and update have these in common. Changes nothing when it throws BadRequest.
void apply(nlohmann::json const& wanted, nlohmann::json& project) {
    applyOrgUnitFields(wanted, project);
    if (auto const member = wanted.find("enforceRunaiScheduler"); member != wanted.end() && member->is_boolean()) {
        project["enforceRunaiScheduler"] = *member;
    }
}

} // namespace

Projects::Projects(ServerClock const& clock, std::string clusterId, Departments const& departments)
    : clock_(clock),
      clusterId_(std::move(clusterId)),
      departments_(departments) {}

std::vector<Route> Projects::routes() {
    std::string const collection = "/api/v1/org-unit/projects";
    std::string const item = collection + "/{id}";
    auto const placeOfNew = [this](Request const& request) {
        return Place{.departmentId = RequestBody(request).text("parentId", departments_.defaultId())};
    };
    auto const placeOfOld = [this](Request const& request) { return placeOf(idOf(request)); };
    return {
        {"GET", collection, Access::loggedIn(), [this](auto const& request) { return list(request); }},
        {"POST", collection, Access::to("create", "project"), [this](auto const& request) { return create(request); },
         placeOfNew},
        {"GET", item, Access::loggedIn(), [this](auto const& request) { return get(request); }},
        {"PUT", item, Access::to("update", "project"), [this](auto const& request) { return update(request); },
         placeOfOld},
        {"DELETE", item, Access::to("delete", "project"), [this](auto const& request) { return remove(request); },
         placeOfOld},
    };
}

std::optional<std::string> Projects::nameOf(std::string const& id) const {
    auto const project = projects_.find(id);
    return project ? std::optional(project->at("name").get<std::string>()) : std::nullopt;
}

Place Projects::placeOf(std::string const& id) const {
    auto const project = projects_.find(id);
    return {.departmentId = project ? project->at("parentId").get<std::string>() : std::string(), .projectId = id};
}

bool Projects::anyIn(std::string const& departmentId) const {
    return projects_.any([&](auto const& project) { return project.at("parentId") == departmentId; });
}

Reply Projects::list(Request const& request) const {
    auto page = ListQuery(request, {.known = {"name", "clusterId", "parentId", "createdAt"}}).select(projects_.all());
    nlohmann::json body{{"projects", std::move(page.entries)}};
    if (page.next) {
        body["next"] = *page.next;
    }
    return jsonReply(200, body);
}

Reply Projects::create(Request const& request) {
    RequestBody const body(request);
    auto const name = body.text("name");
    if (body.text("clusterId") != clusterId_) {
        return apiError(400, "Cluster not found.", "Take clusterId from GET /api/v1/clusters.");
    }
    if (!departments_.nameOf(body.text("parentId", departments_.defaultId()))) {
        return apiError(400, "Department not found.", "Take parentId from GET /api/v1/org-unit/departments.");
    }
    auto project = newProject(body.json());
    project["id"] = std::to_string(++newestId_);
    if (!projects_.add(project, isNamed(name))) {
        return apiError(409, "Resource with this name already exists");
    }
    return jsonReply(201, project);
}

Reply Projects::get(Request const& request) const {
    auto const project = projects_.find(idOf(request));
    return project ? jsonReply(200, *project) : notFound("Project");
}

Reply Projects::update(Request const& request) {
    RequestBody const body(request);
    auto const project = projects_.change(idOf(request), [&](auto& item) {
        apply(body.json(), item);
        item["updatedAt"] = formatTime(clock_.now());
    });
    return project ? jsonReply(200, *project) : notFound("Project");
}

Reply Projects::remove(Request const& request) {
    return projects_.remove(idOf(request)) ? Reply{.status = 204} : notFound("Project");
}

nlohmann::json Projects::newProject(nlohmann::json const& wanted) const {
    auto const now = formatTime(clock_.now());
    auto const& name = wanted.at("name").get_ref<std::string const&>();
    nlohmann::json project{
        {"name", name},
        {"clusterId", clusterId_},
        {"parentId", departments_.defaultId()},
        {"description", ""},
        {"enforceRunaiScheduler", true},
        {"status", {{"phase", "Ready"}, {"namespace", "runai-" + name}}},
        {"effective", nlohmann::json::object()},
        {"createdAt", now},
        {"updatedAt", now},
    };
    for (auto const* field : {"parentId", "requestedNamespace"}) {
        if (auto const member = wanted.find(field); member != wanted.end() && member->is_string()) {
            project[field] = *member;
        }
    }
    apply(wanted, project);
    return project;
}

} // namespace runai::testing
