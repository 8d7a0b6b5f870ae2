#define BOOST_TEST_MODULE projects_lifecycle
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>
#include <nlohmann/json.hpp>

#include <random>
#include <string>

using httptest::HarnessFixture;
BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture);

/// A project of its own for each case, deleted at the case's end.
struct NewProject : httptest::CaseFixture {
    NewProject() {
        auto const clusters = session.get("/api/v1/clusters").send().requireStatus(200).json();
        BOOST_REQUIRE(!clusters.empty());
        wanted = {{"name", "lifecycle-" + std::to_string(std::random_device()())},
                  {"clusterId", clusters[0]["uuid"]},
                  {"resources", {{{"gpu", {{"deserved", 0}}}}}}};
        id = create().requireStatus(201).json()["id"];
    }
    ~NewProject() {
        try {
            session.del("/api/v1/org-unit/projects/{id}").path("id", id).send().expectStatus({202, 204});
        } catch (httptest::Error const& error) {
            BOOST_ERROR(error.what());
        }
    }

    httptest::Exchange create() const { return session.post("/api/v1/org-unit/projects").json(wanted).send(); }
    httptest::Exchange read() const { return session.get("/api/v1/org-unit/projects/{id}").path("id", id).send(); }

    nlohmann::json wanted;
    std::string id;
};

BOOST_FIXTURE_TEST_CASE(a_new_project_reads_as_it_was_asked_for, NewProject) {
    auto const project = read().requireStatus(200).json();
    BOOST_TEST(project["name"] == wanted["name"]);
    BOOST_TEST(project["clusterId"] == wanted["clusterId"]);
    BOOST_TEST(project["totalResources"]["gpuQuota"] == 0);
}

BOOST_FIXTURE_TEST_CASE(its_name_is_taken, NewProject) {
    create().expectStatus(409);
}

BOOST_FIXTURE_TEST_CASE(it_is_found_by_its_name, NewProject) {
    auto const found = session.get("/api/v1/org-unit/projects")
                           .query("filterBy", "name==" + wanted["name"].get<std::string>())
                           .send()
                           .requireStatus(200)
                           .json();
    BOOST_TEST_REQUIRE(found["projects"].size() == 1U);
    BOOST_TEST(found["projects"][0]["id"] == id);
}

BOOST_FIXTURE_TEST_CASE(an_update_changes_the_description_and_keeps_the_name, NewProject) {
    session.put("/api/v1/org-unit/projects/{id}")
        .path("id", id)
        .json({{"description", "changed"}, {"resources", wanted["resources"]}})
        .send()
        .requireStatus(200);
    auto const project = read().requireStatus(200).json();
    BOOST_TEST(project["description"] == "changed");
    BOOST_TEST(project["name"] == wanted["name"]);
}
