#include "clusters.hpp"

#include "../random_text.hpp"
#include "../tenant.hpp"

#include <nlohmann/json.hpp>

namespace runai::testing {

Clusters::Clusters(ServerClock const& clock) : demoId_(randomUuid()), createdAt_(formatTime(clock.now())) {}

std::vector<Route> Clusters::routes() const {
    auto const list = [this](Request const&) { return jsonReply(200, nlohmann::json::array({demoCluster()})); };
    auto const get = [this](Request const& request) {
        return idOf(request) == demoId_ ? jsonReply(200, demoCluster()) : notFound("Cluster");
    };
    return {
        {"GET", "/api/v1/clusters", Access::loggedIn(), list},
        {"GET", "/api/v1/clusters/{id}", Access::loggedIn(), get},
    };
}

nlohmann::json Clusters::demoCluster() const {
    return {
        {"uuid", demoId_},
        {"tenantId", tenantId},
        {"name", demoName},
        {"createdAt", createdAt_},
        {"status", {{"state", "Connected"}}},
    };
}

} // namespace runai::testing
