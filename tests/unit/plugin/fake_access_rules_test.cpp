#include "fake_api.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace runai::testing {

namespace {

constexpr int systemAdministrator = 1;
constexpr int departmentAdministrator = 2;
constexpr int researcherRole = 3;
constexpr int viewer = 4;

struct WithResearcher : FakeApi {
    std::string researcher = logIn(plane.viewerId(), plane.viewerSecret());

    nlohmann::json rule(int roleId, std::string const& scopeType, std::string const& scopeId) const {
        return {{"subjectId", plane.viewerId()},
                {"subjectType", "service-account"},
                {"roleId", roleId},
                {"scopeType", scopeType},
                {"scopeId", scopeId}};
    }
    std::string grant(int roleId, std::string const& scopeType, std::string const& scopeId) {
        auto const reply = post(accessRules, rule(roleId, scopeType, scopeId));
        BOOST_TEST_REQUIRE(reply.status == 201);
        return std::string(accessRules) + "/" + reply.json().at("id").dump();
    }
    int statusOf(std::string const& path, nlohmann::json const& body) { return postAs(researcher, path, body).status; }
};

BOOST_FIXTURE_TEST_SUITE(fake_access_rules, WithResearcher)

BOOST_AUTO_TEST_CASE(a_rule_holds_at_once_and_until_it_is_deleted) {
    BOOST_TEST(statusOf(projects, project("alpha")) == 403);
    auto const rule = grant(systemAdministrator, "cluster", plane.clusterId());
    BOOST_TEST(statusOf(projects, project("alpha")) == 201);
    BOOST_TEST(statusOf(serviceAccounts, {{"name", "bot"}}) == 201);
    BOOST_TEST(remove(rule).status == 204);
    BOOST_TEST(statusOf(projects, project("beta")) == 403);
    BOOST_TEST(get(rule).status == 404);
    BOOST_TEST(remove(rule).status == 404);
}

BOOST_AUTO_TEST_CASE(a_role_allows_what_its_permissions_say_and_no_more) {
    auto const id = idOfNew(projects, project("alpha"));
    auto const asViewer = grant(viewer, "tenant", "1001");
    BOOST_TEST(statusOf(workspaces, workspace("notebook", id)) == 403);
    BOOST_TEST(remove(asViewer).status == 204);
    grant(researcherRole, "tenant", "1001");
    BOOST_TEST(statusOf(workspaces, workspace("notebook", id)) == 202);
    BOOST_TEST(statusOf(projects, project("beta")) == 403);
}

BOOST_AUTO_TEST_CASE(a_rule_for_a_project_holds_there_alone) {
    auto const mine = idOfNew(projects, project("alpha"));
    auto const other = idOfNew(projects, project("beta"));
    grant(researcherRole, "project", mine);
    auto const accepted = postAs(researcher, workspaces, workspace("notebook", mine));
    BOOST_TEST(accepted.status == 202);
    BOOST_TEST(statusOf(workspaces, workspace("notebook", other)) == 403);
    auto const suspendMine =
        std::string(workspaces) + "/" + accepted.json().at("workloadId").get<std::string>() + "/suspend";
    BOOST_TEST(statusOf(suspendMine, nlohmann::json::object()) == 202);
    BOOST_TEST(statusOf(std::string(workspaces) + "/unknown/suspend", nlohmann::json::object()) == 403);
}

BOOST_AUTO_TEST_CASE(a_rule_for_a_department_holds_for_its_projects) {
    auto const physics = idOfNew(departments, department("physics"));
    grant(departmentAdministrator, "department", physics);
    auto const inside = postAs(researcher, projects, project("alpha", physics));
    BOOST_TEST(inside.status == 201);
    BOOST_TEST(statusOf(workspaces, workspace("notebook", inside.json().at("id"))) == 202);
    BOOST_TEST(statusOf(projects, project("beta")) == 403);
    BOOST_TEST(statusOf(departments, department("chemistry")) == 403);
    BOOST_TEST(statusOf(accessRules, rule(systemAdministrator, "tenant", "1001")) == 403);
}

BOOST_AUTO_TEST_CASE(a_rule_for_a_group_permits_nobody) {
    auto forGroup = rule(systemAdministrator, "tenant", "1001");
    forGroup["subjectType"] = "group";
    BOOST_TEST(post(accessRules, forGroup).status == 201);
    BOOST_TEST(statusOf(projects, project("alpha")) == 403);
}

BOOST_AUTO_TEST_CASE(whoever_may_not_write_is_told_that_before_what_is_wrong) {
    BOOST_TEST(statusOf(workspaces, nlohmann::json::array()) == 403);
    BOOST_TEST(post(workspaces, nlohmann::json::array()).status == 400);
}

BOOST_AUTO_TEST_CASE(the_list_counts_all_and_shows_a_page) {
    auto const id = idOfNew(projects, project("alpha"));
    grant(viewer, "tenant", "1001");
    grant(viewer, "project", id);
    grant(researcherRole, "project", id);
    auto const path = std::string(accessRules);
    auto const page = get(path + "?limit=2").json();
    BOOST_TEST(page.at("totalRecords") == 3);
    BOOST_TEST(page.at("displayRecords") == 2);
    BOOST_TEST(page.at("accessRules").size() == 2U);
    BOOST_TEST(page.at("accessRules").at(1).at("scopeName") == "alpha");
    BOOST_TEST(get(path + "?scopeType=project").json().at("totalRecords") == 2);
    BOOST_TEST(get(path + "?roleId=4&scopeType=project").json().at("totalRecords") == 1);
    BOOST_TEST(get(path + "?offset=2").json().at("displayRecords") == 1);
    BOOST_TEST(get(path + "?subjectIds=x").status == 400);
}

BOOST_AUTO_TEST_CASE(a_rule_needs_a_role_and_a_scope_that_are_there) {
    auto const status = [&](nlohmann::json const& body) { return post(accessRules, body).status; };
    BOOST_TEST(status(rule(99, "tenant", "1001")) == 404);
    BOOST_TEST(status(rule(viewer, "tenant", "1002")) == 404);
    BOOST_TEST(status(rule(viewer, "project", "1")) == 404);
    BOOST_TEST(status(rule(viewer, "department", "nowhere")) == 404);
    BOOST_TEST(status(rule(viewer, "cluster", "1")) == 404);
    BOOST_TEST(status(rule(viewer, "galaxy", "1")) == 400);
    for (auto const* field : {"subjectId", "subjectType", "roleId", "scopeType", "scopeId"}) {
        auto incomplete = rule(viewer, "tenant", "1001");
        incomplete.erase(field);
        BOOST_TEST(status(incomplete) == 400, field);
    }
    auto mistyped = rule(viewer, "tenant", "1001");
    mistyped["roleId"] = "4";
    BOOST_TEST(status(mistyped) == 400);
}

BOOST_AUTO_TEST_CASE(roles_are_listed_with_their_permissions) {
    auto const roles = get("/api/v1/authorization/roles").json();
    BOOST_TEST_REQUIRE(roles.is_array());
    for (auto const& role : roles) {
        BOOST_TEST(get("/api/v1/authorization/roles/" + role.at("id").dump()).json() == role);
    }
    BOOST_TEST(roles.at(researcherRole - 1).at("name") == "L1 researcher");
    BOOST_TEST(roles.at(viewer - 1).at("permissions").at(0).at("actions") == nlohmann::json{"read"});
    BOOST_TEST(get("/api/v1/authorization/roles/99").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace runai::testing
