#include "org_unit.hpp"

#include "../bad_request.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace runai::testing {

namespace {

/// Taken over as they come.
constexpr std::array plainFields{"description", "schedulingRules", "defaultNodePools", "nodeTypes"};

/// The resources of each node pool, with the members that a reply must have.
nlohmann::json readResources(nlohmann::json const& wanted) {
    auto const member = wanted.find("resources");
    if (member == wanted.end() || !member->is_array()) {
        throw BadRequest("Required parameter is missing: resources");
    }
    auto resources = *member;
    for (auto& resource : resources) {
        if (!resource.is_object()) {
            throw BadRequest("Every item of resources must be an object.");
        }
        auto& gpu = resource["gpu"];
        if (!gpu.is_null() && !gpu.is_object()) {
            throw BadRequest("The gpu of a resource must be an object.");
        }
        auto& deserved = gpu["deserved"];
        if (deserved.is_null()) {
            deserved = 0;
        }
        if (!deserved.is_number()) {
            throw BadRequest("The deserved gpu must be a number.");
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

} // namespace

void applyOrgUnitFields(nlohmann::json const& wanted, nlohmann::json& unit) {
    auto resources = readResources(wanted);
    unit["totalResources"] = {{"gpuQuota", gpuQuota(resources)}, {"cpuQuota", nullptr}, {"memoryQuota", nullptr}};
    unit["resources"] = std::move(resources);
    for (auto const* field : plainFields) {
        if (auto const member = wanted.find(field); member != wanted.end()) {
            unit[field] = *member;
        }
    }
}

} // namespace runai::testing
