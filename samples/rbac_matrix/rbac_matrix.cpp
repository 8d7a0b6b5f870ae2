#define BOOST_TEST_MODULE rbac_matrix
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>
#include <httptest/unique_name.hpp>
#include <nlohmann/json.hpp>

#include <map>
#include <ostream>
#include <string>
#include <vector>

// Beside the default identity, an administrator, it needs one that may only read (the role "Viewer"):
// RUNAI_VIEWER_CLIENT_ID and RUNAI_VIEWER_CLIENT_SECRET, or the keys identity.viewer.….

namespace data = boost::unit_test::data;
using httptest::HarnessFixture;
BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture);

/// A request that changes nothing, whoever sends it: its body is empty, or its object is not there. Whether it is
/// forbidden is decided before that is found out.
struct Operation {
    std::string method;
    std::string path;
    std::map<std::string, int> expected;
};
std::ostream& operator<<(std::ostream& stream, Operation const& operation) {
    return stream << operation.method << ' ' << operation.path;
}

std::vector<Operation> const operations{
    {"GET", "/api/v1/clusters", {{"default", 200}, {"viewer", 200}}},
    {"GET", "/api/v1/org-unit/projects", {{"default", 200}, {"viewer", 200}}},
    {"POST", "/api/v1/org-unit/projects", {{"default", 400}, {"viewer", 403}}},
    {"DELETE", "/api/v1/org-unit/projects/0", {{"default", 404}, {"viewer", 403}}},
    {"POST", "/api/v1/org-unit/departments", {{"default", 400}, {"viewer", 403}}},
    {"POST", "/api/v1/workloads/workspaces", {{"default", 400}, {"viewer", 403}}},
    {"POST", "/api/v1/authorization/access-rules", {{"default", 400}, {"viewer", 403}}},
};
std::vector<std::string> const identities{"default", "viewer"};

BOOST_TEST_DECORATOR(*httptest::skipUnless(httptest::needs::identity("viewer")))
BOOST_DATA_TEST_CASE_F(httptest::CaseFixture, an_operation_is_answered_as_the_identity_may,
                       data::make(operations) * data::make(identities), operation, identity) {
    session.request(operation.method, operation.path)
        .body("{}", "application/json")
        .identity(identity)
        .send()
        .expectStatus(operation.expected.at(identity));
}

/// Control planes 2.18 and 2.19 have none.
httptest::Need const serviceAccounts([](httptest::Harness const& harness) {
    auto const reply = harness.session().get("/api/v1/service-accounts").send();
    return reply.status() == 404 ? "this control plane has no service accounts" : "";
});

/// Two projects, and a service account that is a researcher in the first of them.
struct ResearcherOfOneProject : httptest::CaseFixture {
    ResearcherOfOneProject() {
        auto const account = create("/api/v1/service-accounts", {{"name", httptest::uniqueName("researcher")}});
        httptest::harness().identity("project-researcher",
                                     {account["clientId"], httptest::Secret(account["clientSecret"])});
        create("/api/v1/authorization/access-rules", {{"subjectId", account["clientId"]},
                                                      {"subjectType", "service-account"},
                                                      {"roleId", researcherRole()},
                                                      {"scopeType", "project"},
                                                      {"scopeId", own}});
    }
    ~ResearcherOfOneProject() { httptest::harness().removeIdentity("project-researcher"); }

    nlohmann::json create(std::string const& path, nlohmann::json const& wanted) {
        auto created = session.post(path).json(wanted).send().requireStatus(201).json();
        auto const& id = created["id"];
        cleanup.add(session.del(path + "/{id}").path("id", id.is_string() ? id.get<std::string>() : id.dump()));
        return created;
    }

    std::string newProject() {
        return create("/api/v1/org-unit/projects", {{"name", httptest::uniqueName("rbac")},
                                                    {"clusterId", cluster},
                                                    {"resources", {{{"gpu", {{"deserved", 0}}}}}}})["id"];
    }

    int researcherRole() const {
        for (auto const& role : session.get("/api/v1/authorization/roles").send().requireStatus(200).json()) {
            if (role["name"] == "L1 researcher") {
                return role["id"];
            }
        }
        BOOST_FAIL("there is no role \"L1 researcher\"");
        return 0;
    }

    /// A workspace without a name: 400 says what is wrong with it, to those who may create one in that project.
    httptest::Exchange createWorkspaceIn(std::string const& project) const {
        return session.post("/api/v1/workloads/workspaces")
            .json({{"projectId", project}, {"clusterId", cluster}})
            .identity("project-researcher")
            .send();
    }

    std::string const cluster =
        session.get("/api/v1/clusters").send().requireStatus(200).capture<std::string>("/0/uuid");
    std::string const own = newProject();
    std::string const other = newProject();
};

BOOST_FIXTURE_TEST_CASE(a_role_in_one_project_holds_there_and_nowhere_else, ResearcherOfOneProject,
                        *httptest::skipUnless(serviceAccounts)) {
    createWorkspaceIn(own).expectStatus(400);
    createWorkspaceIn(other).expectStatus(403);
    session.del("/api/v1/org-unit/projects/{id}")
        .path("id", own)
        .identity("project-researcher")
        .send()
        .expectStatus(403);
}
