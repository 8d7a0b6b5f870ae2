#include "projects.hpp"

#include "list_query.hpp"
#include "random_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace runai::testing {

namespace {

/// Fields that creation and update take over as they come.
constexpr std::array updatableFields{"description", "schedulingRules", "defaultNodePools", "nodeTypes"};

std::uint64_t idOf(Request const& request) {
    auto const& text = request.parameters.at("projectId");
    std::uint64_t id = 0;
    auto const* end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data(), end, id);
    return error == std::errc() && stopped == end ? id : 0;
}

Reply notFound() {
    return apiError(404, "Project not found.");
}

/// Throws std::invalid_argument.
nlohmann::json readBody(Request const& request) {
    auto body = nlohmann::json::parse(request.body, nullptr, false);
    if (!body.is_object()) {
        throw std::invalid_argument("The body must be a JSON object.");
    }
    return body;
}

/// Throws std::invalid_argument.
std::string requiredText(nlohmann::json const& object, char const* name) {
    auto const member = object.find(name);
    if (member == object.end() || !member->is_string() || member->get_ref<std::string const&>().empty()) {
        throw std::invalid_argument(std::string("Required parameter is missing: ") + name);
    }
    return member->get<std::string>();
}

/// The resources of a node pool with the members that a reply must have. Throws std::invalid_argument.
nlohmann::json readResources(nlohmann::json const& wanted) {
    auto const member = wanted.find("resources");
    if (member == wanted.end() || !member->is_array()) {
        throw std::invalid_argument("Required parameter is missing: resources");
    }
    auto resources = *member;
    for (auto& resource : resources) {
        if (!resource.is_object()) {
            throw std::invalid_argument("Every item of resources must be an object.");
        }
        auto& gpu = resource["gpu"];
        if (!gpu.is_null() && !gpu.is_object()) {
            throw std::invalid_argument("The gpu of a resource must be an object.");
        }
        auto& deserved = gpu["deserved"];
        if (deserved.is_null()) {
            deserved = 0;
        }
        if (!deserved.is_number()) {
            throw std::invalid_argument("The deserved gpu must be a number.");
        }
    }
    return resources;
}

double gpuQuota(nlohmann::json const& resources) {
    double quota = 0;
    for (auto const& resource : resources) {
        quota += resource.at("gpu").at("deserved").get<double>();
    }
    return quota;
}

/// Creation and update have these in common. Throws std::invalid_argument and changes nothing then.
void apply(nlohmann::json const& wanted, nlohmann::json& project) {
    auto resources = readResources(wanted);
    project["totalResources"] = {{"gpuQuota", gpuQuota(resources)}, {"cpuQuota", nullptr}, {"memoryQuota", nullptr}};
    project["resources"] = std::move(resources);
    for (auto const* field : updatableFields) {
        if (auto const member = wanted.find(field); member != wanted.end()) {
            project[field] = *member;
        }
    }
    if (auto const member = wanted.find("enforceRunaiScheduler"); member != wanted.end() && member->is_boolean()) {
        project["enforceRunaiScheduler"] = *member;
    }
}

/// Turns what a handler refuses into its 400.
template <typename Handler>
auto refusing(Handler handler) {
    return [handler](Request const& request) {
        try {
            return handler(request);
        } catch (std::invalid_argument const& error) {
            return apiError(400, error.what());
        }
    };
}

} // namespace

Projects::Projects(ServerClock const& clock, std::string clusterId)
    : clock_(clock),
      clusterId_(std::move(clusterId)),
      departmentId_(randomUuid()) {}

std::vector<Route> Projects::routes() {
    std::string const collection = "/api/v1/org-unit/projects";
    std::string const item = collection + "/{projectId}";
    return {
        {"GET", collection, Access::bearer, refusing([this](Request const& request) { return list(request); })},
        {"POST", collection, Access::admin, refusing([this](Request const& request) { return create(request); })},
        {"GET", item, Access::bearer, [this](Request const& request) { return get(request); }},
        {"PUT", item, Access::admin, refusing([this](Request const& request) { return update(request); })},
        {"DELETE", item, Access::admin, [this](Request const& request) { return remove(request); }},
    };
}

Reply Projects::list(Request const& request) const {
    ListQuery const query(request);
    std::vector<nlohmann::json> items;
    {
        std::scoped_lock const lock(mutex_);
        items.reserve(projects_.size());
        for (auto const& [id, project] : projects_) {
            items.push_back(project);
        }
    }
    return jsonReply(200, query.page("projects", std::move(items)));
}

Reply Projects::create(Request const& request) {
    auto const wanted = readBody(request);
    auto const name = requiredText(wanted, "name");
    if (requiredText(wanted, "clusterId") != clusterId_) {
        return apiError(400, "Cluster not found: take clusterId from GET /api/v1/clusters.");
    }
    std::scoped_lock const lock(mutex_);
    if (hasName(name)) {
        return apiError(409, "Resource with this name already exists");
    }
    auto project = newProject(wanted, std::to_string(newestId_ + 1));
    return jsonReply(201, projects_.emplace(++newestId_, std::move(project)).first->second);
}

Reply Projects::get(Request const& request) const {
    std::scoped_lock const lock(mutex_);
    auto const project = projects_.find(idOf(request));
    return project == projects_.end() ? notFound() : jsonReply(200, project->second);
}

Reply Projects::update(Request const& request) {
    auto const wanted = readBody(request);
    std::scoped_lock const lock(mutex_);
    auto const project = projects_.find(idOf(request));
    if (project == projects_.end()) {
        return notFound();
    }
    apply(wanted, project->second);
    project->second["updatedAt"] = formatTime(clock_.now());
    return jsonReply(200, project->second);
}

Reply Projects::remove(Request const& request) {
    std::scoped_lock const lock(mutex_);
    return projects_.erase(idOf(request)) == 0 ? notFound() : Reply{.status = 204};
}

nlohmann::json Projects::newProject(nlohmann::json const& wanted, std::string const& id) const {
    auto const now = formatTime(clock_.now());
    auto const name = requiredText(wanted, "name");
    nlohmann::json project{
        {"id", id},
        {"name", name},
        {"clusterId", clusterId_},
        {"parentId", departmentId_},
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

bool Projects::hasName(std::string const& name) const {
    return std::any_of(projects_.begin(), projects_.end(),
                       [&](auto const& entry) { return entry.second.at("name") == name; });
}

} // namespace runai::testing
