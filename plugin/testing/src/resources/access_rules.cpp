#include "access_rules.hpp"

#include "../list_query.hpp"
#include "../request_body.hpp"
#include "../tenant.hpp"
#include "roles.hpp"

#include <utility>

namespace runai::testing {

namespace {

std::string scopeTypeOf(RequestBody const& body) {
    return body.oneOf("scopeType", {"system", "tenant", "cluster", "department", "project"});
}

bool covers(nlohmann::json const& rule, Place const& place) {
    auto const& type = rule.at("scopeType");
    if (type == "department") {
        return rule.at("scopeId") == place.departmentId;
    }
    return type != "project" || rule.at("scopeId") == place.projectId;
}

bool nothingClashes(nlohmann::json const&) {
    return false;
}

} // namespace

std::vector<Route> AccessRules::routes() {
    std::string const collection = "/api/v1/authorization/access-rules";
    std::string const item = collection + "/{id}";
    auto const placeOfNew = [this](Request const& request) {
        RequestBody const body(request);
        return placeOf(scopeTypeOf(body), body.text("scopeId"));
    };
    auto const placeOfOld = [this](Request const& request) {
        auto const rule = rules_.find(idOf(request));
        return rule ? placeOf(rule->at("scopeType"), rule->at("scopeId")) : Place{};
    };
    return {
        {"GET", collection, Access::loggedIn(), [this](auto const& request) { return list(request); }},
        {"POST", collection, Access::to("create", "access_rules"),
         [this](auto const& request) { return create(request); }, placeOfNew},
        {"GET", item, Access::loggedIn(), [this](auto const& request) { return get(request); }},
        {"DELETE", item, Access::to("delete", "access_rules"), [this](auto const& request) { return remove(request); },
         placeOfOld},
    };
}

bool AccessRules::permit(Account const& account, Permission const& permission, Place const& place) const {
    return account.role == Role::admin || rules_.any([&](auto const& rule) {
        return rule.at("subjectId") == account.id && rule.at("subjectType") != "group" &&
               Roles::allows(rule.at("roleId"), permission) && covers(rule, place);
    });
}

Reply AccessRules::list(Request const& request) const {
    ListQuery const query(request, {.known = {"subjectId", "subjectType", "roleId", "scopeId", "scopeType", "roleName",
                                              "scopeName", "createdAt", "createdBy"},
                                    .searched = "subjectId",
                                    .selectors = {"subjectType", "roleId", "scopeId", "scopeType"}});
    auto page = query.select(rules_.all());
    return jsonReply(200, {{"totalRecords", page.total},
                           {"displayRecords", page.entries.size()},
                           {"accessRules", std::move(page.entries)}});
}

Reply AccessRules::create(Request const& request) {
    RequestBody const body(request);
    auto const scopeType = scopeTypeOf(body);
    auto const scopeId = body.text("scopeId");
    auto const roleId = body.integer("roleId");
    auto const roleName = Roles::nameOf(roleId);
    if (!roleName) {
        return apiError(404, "Role not found.", "Take roleId from GET /api/v1/authorization/roles.");
    }
    auto const name = scopeName(scopeType, scopeId);
    if (!name) {
        return apiError(404, "Scope not found.", "There is no " + scopeType + " with the id " + scopeId + ".");
    }
    auto const now = formatTime(parts_.clock.now());
    nlohmann::json const rule{
        {"id", ++newestId_},
        {"subjectId", body.text("subjectId")},
        {"subjectType", body.oneOf("subjectType", {"user", "app", "service-account", "group"})},
        {"roleId", roleId},
        {"roleName", *roleName},
        {"scopeType", scopeType},
        {"scopeId", scopeId},
        {"scopeName", *name},
        {"clusterId", parts_.clusters.demoId()},
        {"tenantId", tenantId},
        {"createdBy", request.account.id},
        {"createdAt", now},
        {"updatedAt", now},
    };
    rules_.add(rule, nothingClashes);
    return jsonReply(201, rule);
}

Reply AccessRules::get(Request const& request) const {
    auto const rule = rules_.find(idOf(request));
    return rule ? jsonReply(200, *rule) : notFound("Access rule");
}

Reply AccessRules::remove(Request const& request) {
    return rules_.remove(idOf(request)) ? Reply{.status = 204} : notFound("Access rule");
}

Place AccessRules::placeOf(std::string const& scopeType, std::string const& scopeId) const {
    if (scopeType == "department") {
        return {.departmentId = scopeId};
    }
    return scopeType == "project" ? parts_.projects.placeOf(scopeId) : Place{};
}

std::optional<std::string> AccessRules::scopeName(std::string const& scopeType, std::string const& scopeId) const {
    if (scopeType == "department") {
        return parts_.departments.nameOf(scopeId);
    }
    if (scopeType == "project") {
        return parts_.projects.nameOf(scopeId);
    }
    if (scopeType == "cluster") {
        return scopeId == parts_.clusters.demoId() ? std::optional(Clusters::demoName) : std::nullopt;
    }
    return scopeId == std::to_string(tenantId) || scopeType == "system" ? std::optional(scopeType) : std::nullopt;
}

} // namespace runai::testing
