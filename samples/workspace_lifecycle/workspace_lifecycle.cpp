#define BOOST_TEST_MODULE workspace_lifecycle
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>
#include <httptest/eventually.hpp>
#include <httptest/unique_name.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

using namespace std::chrono_literals;
using httptest::eventually;
using httptest::HarnessFixture;
using httptest::json;
using httptest::status;
BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture);

httptest::Patience const patient{
    .within = 3min, .every = {100ms, 5s}, .failFastOn = {status({401, 403}), json("/actualPhase", "Failed")}};

/// A workspace in a project of its own for each case; both are deleted at the case's end, the workspace first.
struct NewWorkspace : httptest::CaseFixture {
    NewWorkspace() {
        auto const cluster = session.get("/api/v1/clusters").send().requireStatus(200).capture<std::string>("/0/uuid");
        auto const project = session.post("/api/v1/org-unit/projects")
                                 .json({{"name", httptest::uniqueName("ws")},
                                        {"clusterId", cluster},
                                        {"resources", {{{"gpu", {{"deserved", 0}}}}}}})
                                 .send()
                                 .requireStatus(201)
                                 .capture<std::string>("/id");
        cleanup.add(session.del("/api/v1/org-unit/projects/{id}").path("id", project));
        eventually(session.get("/api/v1/org-unit/projects/{id}").path("id", project), patient)
            .until(json("/status/phase", "Ready"));
        id = session.post("/api/v1/workloads/workspaces")
                 .json({{"name", httptest::uniqueName("ws")},
                        {"projectId", project},
                        {"clusterId", cluster},
                        {"spec", {{"image", "jupyter/base-notebook"}}}})
                 .send()
                 .requireStatus(202)
                 .expectJson("/desiredPhase", "Running")
                 .capture<std::string>("/workloadId");
        cleanup.add(session.del("/api/v1/workloads/workspaces/{id}").path("id", id));
    }

    httptest::RequestBuilder read() const { return session.get("/api/v1/workloads/workspaces/{id}").path("id", id); }

    /// Wants the workspace stopped ("suspend") or running ("resume").
    void order(std::string const& what) const {
        session.post("/api/v1/workloads/workspaces/{id}/" + what).path("id", id).send().requireStatus(202);
    }

    std::string id;
};

BOOST_FIXTURE_TEST_CASE(it_runs_after_a_while, NewWorkspace) {
    eventually(read(), patient).until(json("/actualPhase", "Running"));
}

BOOST_FIXTURE_TEST_CASE(it_is_suspended_and_resumed, NewWorkspace) {
    eventually(read(), patient).until(json("/actualPhase", "Running"));
    order("suspend");
    eventually(read(), patient).until(json("/actualPhase", "Stopped"));
    order("resume");
    eventually(read(), patient).until(json("/actualPhase", "Running"));
}

BOOST_FIXTURE_TEST_CASE(a_deleted_one_is_not_found_in_the_end, NewWorkspace) {
    session.del("/api/v1/workloads/workspaces/{id}").path("id", id).send().requireStatus(202);
    eventually(read(), patient).until(status(404));
}
