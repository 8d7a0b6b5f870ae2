#include "workspace_templates.hpp"

#include "../bad_request.hpp"
#include "../list_query.hpp"
#include "../random_text.hpp"
#include "../request_body.hpp"
#include "../tenant.hpp"

#include <utility>

namespace runai::testing {

namespace {

/// The form of replies: `{"meta", "spec"}`.
nlohmann::json describe(nlohmann::json fields) {
    auto spec = std::move(fields.at("spec"));
    fields.erase("spec");
    return {{"meta", std::move(fields)}, {"spec", std::move(spec)}};
}

} // namespace

std::vector<Route> WorkspaceTemplates::routes() {
    std::string const collection = "/api/v1/workload-templates/workspaces";
    std::string const item = collection + "/{id}";
    return {
        {"GET", collection, Access::loggedIn(), [this](auto const& request) { return list(request); }},
        {"POST", collection, Access::to("create", "templates"),
         [this](auto const& request) { return create(request); }},
        {"GET", item, Access::loggedIn(), [this](auto const& request) { return get(request); }},
        {"DELETE", item, Access::to("delete", "templates"), [this](auto const& request) { return remove(request); }},
    };
}

Reply WorkspaceTemplates::list(Request const& request) const {
    auto const page = ListQuery(request, {.known = {"name", "workloadType", "scopeType", "createdAt", "createdBy"}})
                          .select(templates_.all());
    auto entries = nlohmann::json::array();
    for (auto const& entry : page.entries) {
        entries.push_back(describe(entry));
    }
    nlohmann::json pagination{{"offset", page.offset}, {"limit", entries.size()}};
    if (page.next) {
        pagination["nextOffset"] = *page.next;
    }
    return jsonReply(200, {{"entries", std::move(entries)}, {"pagination", std::move(pagination)}});
}

Reply WorkspaceTemplates::create(Request const& request) {
    RequestBody const body(request);
    auto const meta = body.object("meta");
    auto const name = meta.text("name");
    if (meta.oneOf("scopeType", {"system", "tenant", "cluster", "department", "project"}) != "tenant") {
        throw BadRequest("The fake control plane has templates of scopeType tenant only.");
    }
    auto const description = meta.text("description", "");
    nlohmann::json const created{
        {"id", randomUuid()},
        {"name", name},
        {"description", description.empty() ? nlohmann::json() : nlohmann::json(description)},
        {"workloadType", "Workspace"},
        {"scopeType", "tenant"},
        {"scopeId", std::to_string(tenantId)},
        {"createdBy", request.account.id},
        {"createdAt", formatTime(clock_.now())},
        {"spec", body.object("spec").json()},
    };
    if (!templates_.add(created, isNamed(name))) {
        // No 409: the API documents none for templates.
        return apiError(400, "The name is taken.", "There is a template of this name.");
    }
    return jsonReply(202, describe(created));
}

Reply WorkspaceTemplates::get(Request const& request) const {
    auto const found = templates_.find(idOf(request));
    return found ? jsonReply(200, describe(*found)) : notFound("Template");
}

Reply WorkspaceTemplates::remove(Request const& request) {
    return templates_.remove(idOf(request)) ? Reply{.status = 204} : notFound("Template");
}

} // namespace runai::testing
