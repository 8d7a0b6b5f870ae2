#define BOOST_TEST_MODULE quickstart
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>
#include <httptest/unique_name.hpp>
#include <nlohmann/json.hpp>

using httptest::HarnessFixture;
BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture); // configured by RUNAI_BASE_URL, RUNAI_CLIENT_ID, RUNAI_CLIENT_SECRET

BOOST_FIXTURE_TEST_CASE(a_project_can_be_created_and_read, httptest::CaseFixture) {
    auto const clusters = session.get("/api/v1/clusters").send().requireStatus(200);
    auto const name = httptest::uniqueName("quickstart");

    auto const created = session.post("/api/v1/org-unit/projects")
                             .json({{"name", name},
                                    {"clusterId", clusters.capture<std::string>("/0/uuid")},
                                    {"resources", {{{"gpu", {{"deserved", 0}}}}}}})
                             .send()
                             .requireStatus(201);
    auto const id = created.capture<std::string>("/id");
    cleanup.add(session.del("/api/v1/org-unit/projects/{id}").path("id", id)); // when the case ends, however it does

    session.get("/api/v1/org-unit/projects/{id}").path("id", id).send().expectStatus(200).expectJson("/name", name);
}

BOOST_FIXTURE_TEST_CASE(a_request_without_credentials_is_refused, httptest::CaseFixture) {
    session.get("/api/v1/clusters").anonymous().send().expectStatus(401);
}
