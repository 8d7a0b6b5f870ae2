#include "workspaces.hpp"

#include "../random_text.hpp"
#include "../request_body.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace runai::testing {

namespace {

nlohmann::json describe(nlohmann::json fields, WorkspacePhases const& phases) {
    fields["desiredPhase"] = phases.desired();
    fields["actualPhase"] = phases.actual();
    return fields;
}

} // namespace

Workspaces::Workspaces(ServerClock const& clock, std::string clusterId, Projects const& projects)
    : clock_(clock),
      clusterId_(std::move(clusterId)),
      projects_(projects) {}

std::vector<Route> Workspaces::routes() {
    std::string const collection = "/api/v1/workloads/workspaces";
    std::string const item = collection + "/{id}";
    auto const placeOfNew = [this](Request const& request) {
        return projects_.placeOf(RequestBody(request).text("projectId"));
    };
    auto const placeOfOld = [this](Request const& request) { return placeOf(request); };
    auto const changing = [this](void (WorkspacePhases::*operation)()) {
        return [this, operation](Request const& request) {
            return change(request, [operation](WorkspacePhases& phases) { (phases.*operation)(); });
        };
    };
    return {
        {"POST", collection, Access::to("create", "workspaces"),
         [this](auto const& request) { return create(request); }, placeOfNew},
        {"GET", item, Access::loggedIn(), [this](auto const& request) { return get(request); }},
        {"DELETE", item, Access::to("delete", "workspaces"), changing(&WorkspacePhases::remove), placeOfOld},
        {"POST", item + "/suspend", Access::to("update", "workspaces"), changing(&WorkspacePhases::suspend),
         placeOfOld},
        {"POST", item + "/resume", Access::to("update", "workspaces"), changing(&WorkspacePhases::resume), placeOfOld},
    };
}

void Workspaces::hold() {
    std::scoped_lock const lock(mutex_);
    held_ = true;
}

void Workspaces::release() {
    std::scoped_lock const lock(mutex_);
    held_ = false;
}

void Workspaces::step() {
    std::scoped_lock const lock(mutex_);
    for (auto& [id, workspace] : workspaces_) {
        workspace.phases.step();
    }
}

Reply Workspaces::create(Request const& request) {
    RequestBody const body(request);
    auto const name = body.text("name");
    auto const projectId = body.text("projectId");
    auto const spec = body.object("spec").json();
    if (body.text("clusterId") != clusterId_) {
        return apiError(400, "Cluster not found.", "Take clusterId from GET /api/v1/clusters.");
    }
    if (!projects_.nameOf(projectId)) {
        return apiError(400, "Project not found.", "Take projectId from GET /api/v1/org-unit/projects.");
    }
    auto const id = randomUuid();
    Workspace workspace{.fields = {
                            {"name", name},
                            {"requestedName", name},
                            {"workloadId", id},
                            {"projectId", projectId},
                            {"departmentId", projects_.placeOf(projectId).departmentId},
                            {"clusterId", clusterId_},
                            {"createdBy", request.account.id},
                            {"createdAt", formatTime(clock_.now())},
                            {"spec", spec},
                        }};
    std::scoped_lock const lock(mutex_);
    if (hasName(name, projectId)) {
        // No 409: the API documents none for workloads.
        return apiError(400, "The name is taken.", "The project has a workspace of this name.");
    }
    auto const& created = workspaces_.emplace(id, std::move(workspace)).first->second;
    return jsonReply(202, describe(created.fields, created.phases));
}

Reply Workspaces::get(Request const& request) {
    std::scoped_lock const lock(mutex_);
    auto* workspace = find(idOf(request));
    if (workspace == nullptr) {
        return notFound("Workspace");
    }
    auto reply = jsonReply(200, describe(workspace->fields, workspace->phases));
    if (!held_) {
        workspace->phases.step();
    }
    return reply;
}

Reply Workspaces::change(Request const& request, std::function<void(WorkspacePhases&)> const& change) {
    std::scoped_lock const lock(mutex_);
    auto* workspace = find(idOf(request));
    if (workspace == nullptr) {
        return notFound("Workspace");
    }
    change(workspace->phases);
    return accepted();
}

Workspaces::Workspace* Workspaces::find(std::string const& id) {
    auto const entry = workspaces_.find(id);
    auto const isThere = entry != workspaces_.end() && !entry->second.phases.isGone() &&
                         projects_.nameOf(entry->second.fields.at("projectId"));
    return isThere ? &entry->second : nullptr;
}

bool Workspaces::hasName(std::string const& name, std::string const& projectId) const {
    return std::any_of(workspaces_.begin(), workspaces_.end(), [&](auto const& entry) {
        auto const& [fields, phases] = entry.second;
        return !phases.isGone() && fields.at("name") == name && fields.at("projectId") == projectId;
    });
}

Place Workspaces::placeOf(Request const& request) const {
    std::scoped_lock const lock(mutex_);
    auto const entry = workspaces_.find(idOf(request));
    return entry == workspaces_.end() ? Place{} : projects_.placeOf(entry->second.fields.at("projectId"));
}

} // namespace runai::testing
