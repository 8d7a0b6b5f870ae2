#define BOOST_TEST_MODULE quickstart
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>
#include <nlohmann/json.hpp>

#include <ctime>

using httptest::HarnessFixture;
BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture); // configured by RUNAI_BASE_URL, RUNAI_CLIENT_ID, RUNAI_CLIENT_SECRET

BOOST_FIXTURE_TEST_CASE(a_project_can_be_created_read_and_deleted, httptest::CaseFixture) {
    auto const clusters = session.get("/api/v1/clusters").send().requireStatus(200).json();
    BOOST_REQUIRE(!clusters.empty());

    auto const project = session.post("/api/v1/org-unit/projects")
                             .json({{"name", "quickstart-" + std::to_string(std::time(nullptr))},
                                    {"clusterId", clusters[0]["uuid"]},
                                    {"resources", {{{"gpu", {{"deserved", 0}}}}}}})
                             .send()
                             .requireStatus(201)
                             .json();

    auto const id = project["id"].get<std::string>();
    session.get("/api/v1/org-unit/projects/{id}").path("id", id).send().expectStatus(200);
    session.del("/api/v1/org-unit/projects/{id}").path("id", id).send().expectStatus({202, 204});
}

BOOST_FIXTURE_TEST_CASE(a_request_without_credentials_is_refused, httptest::CaseFixture) {
    session.get("/api/v1/clusters").anonymous().send().expectStatus(401);
}
