#pragma once

#include "fake_client.hpp"

#include <string>
#include <utility>

namespace runai::testing {

/// A fake control plane, and an admin who is logged in to it.
struct FakeApi {
    static constexpr char const* projects = "/api/v1/org-unit/projects";
    static constexpr char const* departments = "/api/v1/org-unit/departments";
    static constexpr char const* workspaces = "/api/v1/workloads/workspaces";
    static constexpr char const* serviceAccounts = "/api/v1/service-accounts";
    static constexpr char const* accessRules = "/api/v1/authorization/access-rules";

    FakeControlPlane plane;
    FakeClient client{plane.url()};
    std::string token = newToken(plane);

    ClientReply get(std::string const& path) { return client.get(path, token); }
    ClientReply post(std::string const& path, nlohmann::json const& body) { return postAs(token, path, body); }
    ClientReply postAs(std::string const& who, std::string const& path, nlohmann::json const& body) {
        return client.postJson(path, body, who);
    }
    ClientReply remove(std::string const& path) {
        return client.send("DELETE", path, {{"Authorization", "Bearer " + token}});
    }

    /// The token of a client; empty where the login is refused.
    std::string logIn(std::string const& id, std::string const& secret) {
        auto const reply = client.loginV2("grant_type=client_credentials&client_id=" + id + "&client_secret=" + secret);
        return reply.status == 200 ? reply.json().at("access_token").get<std::string>() : std::string();
    }

    nlohmann::json project(std::string const& name, std::string const& departmentId = {}) const {
        nlohmann::json wanted{{"name", name}, {"clusterId", plane.clusterId()}, {"resources", nlohmann::json::array()}};
        if (!departmentId.empty()) {
            wanted["parentId"] = departmentId;
        }
        return wanted;
    }
    nlohmann::json department(std::string const& name) const {
        return {{"name", name}, {"clusterId", plane.clusterId()}};
    }
    nlohmann::json workspace(std::string const& name, std::string const& projectId) const {
        return {{"name", name}, {"projectId", projectId}, {"clusterId", plane.clusterId()}};
    }

    std::string idOfNew(std::string const& path, nlohmann::json const& body) {
        return post(path, body).json().at("id");
    }
};

} // namespace runai::testing
