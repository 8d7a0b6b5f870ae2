#include "fake_client.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace runai::testing {

namespace {

char const* const projectsPath = "/api/v1/org-unit/projects";

struct LoggedIn {
    FakeControlPlane plane;
    FakeClient client{plane.url()};
    std::string token = newToken(plane);

    nlohmann::json wanted(std::string const& name) const {
        return {{"name", name}, {"clusterId", plane.clusterId()}, {"resources", {{{"gpu", {{"deserved", 2}}}}}}};
    }
    ClientReply create(std::string const& name) { return client.postJson(projectsPath, wanted(name), token); }
    ClientReply list(std::string const& query) { return client.get(projectsPath + query, token); }
    ClientReply send(std::string const& method, std::string const& id, nlohmann::json const& body = nullptr) {
        return client.send(method, std::string(projectsPath) + "/" + id, {{"Authorization", "Bearer " + token}},
                           body.is_null() ? std::string() : body.dump());
    }
    std::vector<std::string> names(std::string const& query) {
        std::vector<std::string> found;
        auto const page = list(query).json();
        for (auto const& project : page.at("projects")) {
            found.push_back(project.at("name"));
        }
        return found;
    }
};

BOOST_FIXTURE_TEST_SUITE(fake_projects, LoggedIn)

BOOST_AUTO_TEST_CASE(a_created_project_has_every_required_field) {
    auto const reply = create("alpha");
    BOOST_TEST(reply.status == 201);
    auto const project = reply.json();
    for (auto const* field : {"id", "name", "parentId", "createdAt", "updatedAt", "totalResources", "effective",
                              "status", "description", "enforceRunaiScheduler", "clusterId", "resources"}) {
        BOOST_TEST(project.contains(field), field);
    }
    BOOST_TEST(project.at("id").is_string());
    BOOST_TEST(project.at("resources").at(0).at("gpu").at("deserved") == 2);
    BOOST_TEST(project.at("totalResources").at("gpuQuota") == 2);
    BOOST_TEST(send("GET", project.at("id")).json() == project);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_taken_is_409) {
    BOOST_TEST(create("alpha").status == 201);
    auto const reply = create("alpha");
    BOOST_TEST(reply.status == 409);
    BOOST_TEST(reply.json().at("code") == 409);
}

BOOST_AUTO_TEST_CASE(an_incomplete_or_malformed_project_is_400) {
    for (auto const* field : {"name", "clusterId", "resources"}) {
        auto incomplete = wanted("alpha");
        incomplete.erase(field);
        BOOST_TEST(client.postJson(projectsPath, incomplete, token).status == 400, field);
    }
    auto elsewhere = wanted("alpha");
    elsewhere["clusterId"] = "unknown";
    BOOST_TEST(client.postJson(projectsPath, elsewhere, token).status == 400);
    auto mistyped = wanted("alpha");
    mistyped["resources"] = {{{"gpu", {{"deserved", "two"}}}}};
    BOOST_TEST(client.postJson(projectsPath, mistyped, token).status == 400);
    BOOST_TEST(client.postJson(projectsPath, nlohmann::json::array(), token).status == 400);
    BOOST_TEST(list("").json().at("projects").empty());
}

BOOST_AUTO_TEST_CASE(lists_page_with_offset_limit_and_next) {
    for (auto number = 0; number < 55; ++number) {
        BOOST_TEST_REQUIRE(create("project-" + std::to_string(number)).status == 201);
    }
    auto const first = list("").json();
    BOOST_TEST(first.at("projects").size() == 50U);
    BOOST_TEST(first.at("next") == 50);
    auto const last = list("?offset=50&limit=5").json();
    BOOST_TEST(last.at("projects").size() == 5U);
    BOOST_TEST(last.at("projects").at(0).at("name") == "project-50");
    BOOST_TEST(!last.contains("next"));
    BOOST_TEST(list("?offset=54&limit=500").json().at("projects").size() == 1U);
    BOOST_TEST(list("?offset=1000").json().at("projects").empty());
}

BOOST_AUTO_TEST_CASE(an_offset_or_limit_out_of_range_is_400) {
    for (auto const* query : {"?limit=0", "?limit=501", "?limit=-1", "?limit=x", "?limit=", "?limit=1.5", "?offset=-1",
                              "?offset=99999999999999999999", "?sortOrder=up", "?sortBy=phase", "?filterBy=name~x"}) {
        auto const reply = list(query);
        BOOST_TEST(reply.status == 400, query);
        BOOST_TEST(reply.json().at("code") == 400, query);
    }
    BOOST_TEST(list("?limit=1").status == 200);
    BOOST_TEST(list("?limit=500").status == 200);
}

BOOST_AUTO_TEST_CASE(lists_can_be_searched_filtered_and_sorted) {
    for (auto const* name : {"beta", "alpha", "gamma"}) {
        BOOST_TEST_REQUIRE(create(name).status == 201);
    }
    using Names = std::vector<std::string>;
    BOOST_TEST((names("") == Names{"beta", "alpha", "gamma"}));
    BOOST_TEST((names("?search=am") == Names{"gamma"}));
    BOOST_TEST((names("?filterBy=name==alpha") == Names{"alpha"}));
    BOOST_TEST((names("?filterBy=name!=alpha,name%3D%5Eb") == Names{"beta"}));
    BOOST_TEST((names("?sortBy=name") == Names{"alpha", "beta", "gamma"}));
    BOOST_TEST((names("?sortBy=name&sortOrder=desc&limit=2") == Names{"gamma", "beta"}));
}

BOOST_AUTO_TEST_CASE(an_update_replaces_resources_and_keeps_the_rest) {
    auto const created = create("alpha").json();
    auto const id = created.at("id").get<std::string>();
    auto const reply = send("PUT", id, {{"description", "new"}, {"resources", {{{"gpu", {{"deserved", 1.5}}}}}}});
    BOOST_TEST(reply.status == 200);
    BOOST_TEST(reply.json().at("description") == "new");
    BOOST_TEST(reply.json().at("totalResources").at("gpuQuota") == 1.5);
    BOOST_TEST(reply.json().at("createdAt") == created.at("createdAt"));
    BOOST_TEST(reply.json().at("name") == "alpha");
    BOOST_TEST(send("PUT", id, {{"description", "x"}}).status == 400);
    BOOST_TEST(send("GET", id).json().at("description") == "new");
}

BOOST_AUTO_TEST_CASE(a_deleted_project_is_gone_and_its_name_is_free) {
    auto const id = create("alpha").json().at("id").get<std::string>();
    auto const reply = send("DELETE", id);
    BOOST_TEST(reply.status == 204);
    BOOST_TEST(reply.body.empty());
    BOOST_TEST(send("GET", id).status == 404);
    BOOST_TEST(send("DELETE", id).status == 404);
    auto const again = create("alpha");
    BOOST_TEST(again.status == 201);
    BOOST_TEST(again.json().at("id") != id);
}

BOOST_AUTO_TEST_CASE(an_unknown_project_is_404) {
    for (auto const* id : {"1", "nonsense", "0"}) {
        BOOST_TEST(send("GET", id).status == 404, id);
        BOOST_TEST(send("DELETE", id).status == 404, id);
        BOOST_TEST(send("PUT", id, {{"resources", nlohmann::json::array()}}).status == 404, id);
    }
    BOOST_TEST(send("PATCH", "1").status == 405);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace runai::testing
