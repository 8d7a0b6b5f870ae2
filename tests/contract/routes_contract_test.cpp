#include "checked_api.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace contract {

namespace {

constexpr char const* someId = "0c6b0d4e-7d8f-4c1e-9a53-0d1c2b3a4f5e";

struct Route {
    std::string method;
    std::string path; ///< With an id in place of each parameter.
};

Route split(std::string const& route) {
    auto const space = route.find(' ');
    Route result{route.substr(0, space), route.substr(space + 1)};
    for (auto begin = result.path.find('{'); begin != std::string::npos; begin = result.path.find('{')) {
        result.path.replace(begin, result.path.find('}') - begin + 1, someId);
    }
    return result;
}

bool isLogin(Route const& route) {
    return route.path.ends_with("/token");
}

struct EveryRoute : CheckedApi {
    /// `expected` holds in the order of creation, reading and deletion.
    std::string createAndRead(std::string const& collection, int created, nlohmann::json const& body) {
        auto const reply = send("POST", collection, created, body);
        send("GET", collection, 200);
        auto const& id = reply.contains("meta") ? reply.at("meta").at("id") : reply.at("id");
        auto item = collection + "/" + (id.is_string() ? id.get<std::string>() : id.dump());
        send("GET", item, 200);
        return item;
    }

    void useOrgUnitsAndWorkloads() {
        auto const aDepartment = createAndRead(departments, 201, department("physics"));
        auto const aProject = createAndRead(projects, 201, project("alpha"));
        send("PUT", aProject, 200, project("alpha"));
        auto const aTemplate = createAndRead(
            "/api/v1/workload-templates/workspaces", 202,
            {{"meta", {{"name", "notebook"}, {"scopeType", "tenant"}}}, {"spec", nlohmann::json::object()}});
        auto const projectId = aProject.substr(aProject.rfind('/') + 1);
        auto const accepted = send("POST", workspaces, 202, workspace("notebook", projectId));
        auto const aWorkspace = std::string(workspaces) + "/" + accepted.at("workloadId").get<std::string>();
        send("GET", aWorkspace, 200);
        send("POST", aWorkspace + "/suspend", 202);
        send("POST", aWorkspace + "/resume", 202);
        send("DELETE", aWorkspace, 202);
        for (auto const& item : {aTemplate, aProject, aDepartment}) {
            send("DELETE", item, 204);
        }
    }

    void useAccounts() {
        for (std::string const collection : {"/api/v1/service-accounts", "/api/v1/access-keys"}) {
            auto const item = createAndRead(collection, 201, {{"name", "ci-bot"}});
            send("POST", item + "/secret", 200);
            send("DELETE", item, 204);
        }
        send("GET", "/api/v1/authorization/roles", 200);
        send("GET", "/api/v1/authorization/roles/1", 200);
        send("DELETE",
             createAndRead(accessRules, 201,
                           {{"subjectId", "ada"},
                            {"subjectType", "user"},
                            {"roleId", 4},
                            {"scopeType", "cluster"},
                            {"scopeId", plane.clusterId()}}),
             204);
    }

    void useClustersAndLogins() {
        send("GET", "/api/v1/clusters", 200);
        send("GET", "/api/v1/clusters/" + plane.clusterId(), 200);
        send("POST", "/api/v1/token", 200, runai::testing::clientCredentials(plane));
        auto const reply = client.loginV2(runai::testing::clientCredentialsForm(plane));
        BOOST_TEST(reply.status == 200);
        check("POST", "/api/v2/token", reply);
        succeeded.insert("POST /api/v2/token");
    }
};

BOOST_FIXTURE_TEST_SUITE(routes, EveryRoute)

BOOST_AUTO_TEST_CASE(every_route_can_succeed_within_the_contract) {
    useClustersAndLogins();
    useOrgUnitsAndWorkloads();
    useAccounts();
    auto all = plane.routes();
    std::sort(all.begin(), all.end());
    std::vector<std::string> forgotten;
    std::set_difference(all.begin(), all.end(), succeeded.begin(), succeeded.end(), std::back_inserter(forgotten));
    BOOST_TEST(forgotten == std::vector<std::string>(), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_401_of_every_route_keeps_the_contract) {
    token = "expired";
    for (auto const& text : plane.routes()) {
        if (auto const route = split(text); !isLogin(route)) {
            send(route.method, route.path, 401);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_403_of_every_write_keeps_the_contract) {
    token = logIn(plane.viewerId(), plane.viewerSecret());
    auto writes = 0;
    for (auto const& text : plane.routes()) {
        auto const route = split(text);
        if (route.method != "GET" && !isLogin(route) && !route.path.starts_with("/api/v1/access-keys")) {
            send(route.method, route.path, 403);
            ++writes;
        }
    }
    BOOST_TEST(writes >= 16);
}

BOOST_AUTO_TEST_CASE(refused_logins_keep_the_contract) {
    auto credentials = runai::testing::clientCredentials(plane);
    credentials["grantType"] = "nonsense";
    send("POST", "/api/v1/token", 400, credentials);
    check("POST", "/api/v2/token", client.loginV2("grant_type=nonsense"));
    check("POST", "/api/v2/token", client.loginV2("grant_type=client_credentials&client_id=x&client_secret=y"));
    // Of v1 the document declares 400 alone; control planes refuse wrong credentials with 401 in the same form.
    credentials = runai::testing::clientCredentials(plane);
    credentials["clientSecret"] = "wrong";
    auto reply = client.loginV1(credentials);
    BOOST_TEST(reply.status == 401);
    reply.status = 400;
    check("POST", "/api/v1/token", reply);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace contract
