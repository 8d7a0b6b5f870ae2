#include "checked_api.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace contract {

namespace {

constexpr char const* templates = "/api/v1/workload-templates/workspaces";
constexpr char const* unknown = "/0c6b0d4e-7d8f-4c1e-9a53-0d1c2b3a4f5e";

nlohmann::json templateNamed(std::string const& name) {
    return {{"meta", {{"name", name}, {"scopeType", "tenant"}}}};
}

BOOST_FIXTURE_TEST_SUITE(workloads, CheckedApi)

BOOST_AUTO_TEST_CASE(a_workspace_keeps_the_contract_in_all_its_phases) {
    auto const projectId = send("POST", projects, 201, project("alpha")).at("id").get<std::string>();
    auto const created = send("POST", workspaces, 202, workspace("notebook", projectId));
    auto const item = std::string(workspaces) + "/" + created.at("workloadId").get<std::string>();
    auto const readUntil = [&](std::string const& phase) {
        for (auto reads = 0; reads < 5; ++reads) {
            if (send("GET", item, 200).at("actualPhase") == phase) {
                return true;
            }
        }
        return false;
    };
    BOOST_TEST(readUntil("Running"));
    send("POST", item + "/suspend", 202);
    BOOST_TEST(readUntil("Stopped"));
    send("POST", item + "/resume", 202);
    BOOST_TEST(readUntil("Running"));
    send("DELETE", item, 202);
    BOOST_TEST(readUntil("Deleting"));
    send("GET", item, 404);
}

BOOST_AUTO_TEST_CASE(errors_about_workspaces_keep_the_contract) {
    auto const projectId = send("POST", projects, 201, project("alpha")).at("id").get<std::string>();
    send("POST", workspaces, 202, workspace("notebook", projectId));
    send("POST", workspaces, 400, workspace("notebook", projectId));
    send("POST", workspaces, 400, workspace("notebook", "unknown"));
    send("POST", workspaces, 400, nlohmann::json::object());
    auto const item = std::string(workspaces) + unknown;
    send("GET", item, 404);
    send("DELETE", item, 404);
    send("POST", item + "/suspend", 404);
    send("POST", item + "/resume", 404);
}

BOOST_AUTO_TEST_CASE(lists_of_templates_and_errors_about_them_keep_the_contract) {
    for (auto const* name : {"a", "b", "c"}) {
        send("POST", templates, 202, templateNamed(name));
    }
    for (auto const* query : {"?limit=2", "?limit=2&offset=2", "?search=b"}) {
        send("GET", std::string(templates) + query, 200);
    }
    send("POST", templates, 400, templateNamed("a"));
    send("POST", templates, 400, nlohmann::json::object());
    send("GET", std::string(templates) + unknown, 404);
    send("DELETE", std::string(templates) + unknown, 404);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace contract
