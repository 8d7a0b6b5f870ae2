#define BOOST_TEST_MODULE projects_lifecycle
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>
#include <httptest/eventually.hpp>
#include <httptest/matchers.hpp>
#include <httptest/unique_name.hpp>
#include <nlohmann/json.hpp>

#include <string>

using httptest::HarnessFixture;
using httptest::status;
BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture);

/// A project of its own for each case, deleted at the case's end.
struct NewProject : httptest::CaseFixture {
    NewProject() {
        auto const clusters = session.get("/api/v1/clusters").send();
        wanted = {{"name", httptest::uniqueName("lifecycle")},
                  {"clusterId", clusters.requireStatus(200).capture<std::string>("/0/uuid")},
                  {"resources", {{{"gpu", {{"deserved", 0}}}}}}};
        id = create().requireStatus(201).capture<std::string>("/id");
        cleanup.add(session.del("/api/v1/org-unit/projects/{id}").path("id", id));
    }

    httptest::Exchange create() const { return session.post("/api/v1/org-unit/projects").json(wanted).send(); }
    httptest::RequestBuilder get() const { return session.get("/api/v1/org-unit/projects/{id}").path("id", id); }
    httptest::Exchange read() const { return get().send(); }
    httptest::Exchange remove() const { return session.del("/api/v1/org-unit/projects/{id}").path("id", id).send(); }

    nlohmann::json wanted;
    std::string id;
};

BOOST_FIXTURE_TEST_CASE(a_new_project_reads_as_it_was_asked_for, NewProject) {
    read()
        .requireStatus(200)
        .expectJson("/name", wanted["name"])
        .expectJson("/clusterId", wanted["clusterId"])
        .expectJson("/totalResources/gpuQuota", 0);
}

BOOST_FIXTURE_TEST_CASE(its_name_is_taken, NewProject) {
    create().expectStatus(409);
}

BOOST_FIXTURE_TEST_CASE(it_is_found_by_its_name, NewProject) {
    session.get("/api/v1/org-unit/projects")
        .query("filterBy", "name==" + wanted["name"].get<std::string>())
        .send()
        .requireStatus(200)
        .expectJson("/projects", httptest::hasElements({httptest::hasMembers({{"id", id}})}));
}

BOOST_FIXTURE_TEST_CASE(an_update_changes_the_description_and_keeps_the_name, NewProject) {
    session.put("/api/v1/org-unit/projects/{id}")
        .path("id", id)
        .json({{"description", "changed"}, {"resources", wanted["resources"]}})
        .send()
        .requireStatus(200);
    read().requireStatus(200).expectJsonLike({{"description", "changed"}, {"name", wanted["name"]}});
}

BOOST_FIXTURE_TEST_CASE(a_deleted_one_is_not_found_in_the_end, NewProject) {
    remove().expectStatus({202, 204}); // where it is 202, the deletion goes on after the reply
    httptest::eventually(get()).until(status(404));
    remove().expectStatus(404);
}

/// A department for each case, which is deleted after the projects that the case puts into it.
struct NewDepartment : httptest::CaseFixture {
    NewDepartment() {
        id = session.post("/api/v1/org-unit/departments")
                 .json({{"name", httptest::uniqueName("dept")}, {"clusterId", cluster}, {"resources", noGpus}})
                 .send()
                 .requireStatus(201)
                 .capture<std::string>("/id");
        cleanup.add(session.del("/api/v1/org-unit/departments/{id}").path("id", id));
    }

    nlohmann::json const noGpus{{{"gpu", {{"deserved", 0}}}}};
    std::string const cluster =
        session.get("/api/v1/clusters").send().requireStatus(200).capture<std::string>("/0/uuid");
    std::string id;
};

BOOST_FIXTURE_TEST_CASE(a_department_cannot_be_deleted_while_it_holds_a_project, NewDepartment) {
    auto const project = session.post("/api/v1/org-unit/projects")
                             .json({{"name", httptest::uniqueName("held")},
                                    {"clusterId", cluster},
                                    {"parentId", id},
                                    {"resources", noGpus}})
                             .send()
                             .requireStatus(201)
                             .expectJson("/parentId", id);
    cleanup.add(session.del("/api/v1/org-unit/projects/{id}").path("id", project.capture<std::string>("/id")));

    session.del("/api/v1/org-unit/departments/{id}").path("id", id).send().expectStatus(400);
    session.get("/api/v1/org-unit/departments/{id}").path("id", id).send().expectStatus(200);
}
