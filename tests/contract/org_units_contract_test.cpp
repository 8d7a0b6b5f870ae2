#include "checked_api.hpp"

#include <boost/test/unit_test.hpp>

namespace contract {

namespace {

BOOST_FIXTURE_TEST_SUITE(org_units, CheckedApi)

BOOST_AUTO_TEST_CASE(errors_about_departments_keep_the_contract) {
    send("POST", departments, 400, nlohmann::json::object());
    send("POST", departments, 409, department("default"));
    send("GET", std::string(departments) + "?limit=0", 400);
    send("GET", std::string(departments) + "/unknown", 404);
    send("DELETE", std::string(departments) + "/unknown", 404);
    auto const parent = send("POST", projects, 201, project("alpha")).at("parentId").get<std::string>();
    send("DELETE", std::string(departments) + "/" + parent, 400);
}

BOOST_AUTO_TEST_CASE(errors_about_projects_keep_the_contract) {
    auto const id = send("POST", projects, 201, project("alpha")).at("id").get<std::string>();
    auto const item = std::string(projects) + "/" + id;
    send("POST", projects, 400, nlohmann::json::array());
    send("POST", projects, 400, project("beta", "unknown"));
    send("POST", projects, 409, project("alpha"));
    send("GET", std::string(projects) + "?sortBy=nothing", 400);
    send("PUT", item, 400, nlohmann::json::object());
    send("DELETE", item, 204);
    send("GET", item, 404);
    send("PUT", item, 404, project("alpha"));
    send("DELETE", item, 404);
    send("GET", "/api/v1/clusters/unknown", 404);
}

BOOST_AUTO_TEST_CASE(every_page_of_a_list_keeps_the_contract) {
    for (auto const* name : {"alpha", "beta", "gamma"}) {
        send("POST", projects, 201, project(name));
        send("POST", departments, 201, department(name));
    }
    for (auto const* query : {"?limit=2", "?limit=2&offset=2", "?offset=9", "?search=alp&sortBy=name&sortOrder=desc"}) {
        send("GET", std::string(projects) + query, 200);
        send("GET", std::string(departments) + query, 200);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace contract
