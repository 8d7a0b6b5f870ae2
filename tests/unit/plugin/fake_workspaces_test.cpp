#include "fake_api.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace runai::testing {

namespace {

using Phases = std::vector<std::string>;

struct InAProject : FakeApi {
    std::string projectId = idOfNew(projects, project("alpha"));

    std::string create(std::string const& name) {
        auto const reply = post(workspaces, workspace(name, projectId));
        BOOST_TEST_REQUIRE(reply.status == 202);
        return std::string(workspaces) + "/" + reply.json().at("workloadId").get<std::string>();
    }
    std::string phase(std::string const& path) { return get(path).json().at("actualPhase"); }
    /// What so many reads see.
    Phases phases(std::string const& path, int reads) {
        Phases seen;
        for (auto read = 0; read < reads; ++read) {
            seen.push_back(phase(path));
        }
        return seen;
    }
};

BOOST_FIXTURE_TEST_SUITE(fake_workspaces, InAProject)

BOOST_AUTO_TEST_CASE(an_accepted_workspace_has_every_required_field) {
    auto wanted = workspace("notebook", projectId);
    wanted["spec"] = {{"image", "jupyter"}};
    auto const reply = post(workspaces, wanted);
    BOOST_TEST(reply.status == 202);
    auto const created = reply.json();
    for (auto const* field : {"name", "requestedName", "workloadId", "projectId", "clusterId", "createdBy", "createdAt",
                              "desiredPhase", "actualPhase", "departmentId"}) {
        BOOST_TEST(created.contains(field), field);
    }
    BOOST_TEST(created.at("desiredPhase") == "Running");
    BOOST_TEST(created.at("actualPhase") == "Creating");
    BOOST_TEST(created.at("createdBy") == plane.clientId());
    BOOST_TEST(created.at("spec").at("image") == "jupyter");
}

BOOST_AUTO_TEST_CASE(its_phase_moves_with_every_read_of_it_and_of_no_other) {
    auto const notebook = create("notebook");
    auto const other = create("other");
    BOOST_TEST((phases(notebook, 4) == Phases{"Creating", "Pending", "Running", "Running"}));
    BOOST_TEST(phase(other) == "Creating");
}

BOOST_AUTO_TEST_CASE(held_workspaces_move_by_hand_alone) {
    plane.holdWorkspaces();
    auto const notebook = create("notebook");
    BOOST_TEST((phases(notebook, 3) == Phases{"Creating", "Creating", "Creating"}));
    plane.stepWorkspaces();
    BOOST_TEST((phases(notebook, 2) == Phases{"Pending", "Pending"}));
    plane.releaseWorkspaces();
    BOOST_TEST((phases(notebook, 2) == Phases{"Pending", "Running"}));
}

BOOST_AUTO_TEST_CASE(it_can_be_suspended_and_resumed) {
    auto const notebook = create("notebook");
    auto const suspended = post(notebook + "/suspend", nlohmann::json::object());
    BOOST_TEST(suspended.status == 202);
    BOOST_TEST(suspended.json().at("code") == 202);
    BOOST_TEST(get(notebook).json().at("desiredPhase") == "Stopped");
    BOOST_TEST((phases(notebook, 2) == Phases{"Stopped", "Stopped"}));
    BOOST_TEST(post(notebook + "/suspend", nlohmann::json::object()).status == 202);
    BOOST_TEST(phase(notebook) == "Stopped");
    BOOST_TEST(post(notebook + "/resume", nlohmann::json::object()).status == 202);
    BOOST_TEST((phases(notebook, 4) == Phases{"Resuming", "Pending", "Running", "Running"}));
}

BOOST_AUTO_TEST_CASE(a_deleted_one_is_deleting_and_then_gone) {
    auto const notebook = create("notebook");
    BOOST_TEST(remove(notebook).status == 202);
    BOOST_TEST(post(notebook + "/resume", nlohmann::json::object()).status == 202);
    auto const last = get(notebook).json();
    BOOST_TEST(last.at("actualPhase") == "Deleting");
    BOOST_TEST(last.at("desiredPhase") == "Deleted");
    BOOST_TEST(get(notebook).status == 404);
    BOOST_TEST(remove(notebook).status == 404);
    BOOST_TEST(post(notebook + "/suspend", nlohmann::json::object()).status == 404);
    BOOST_TEST(create("notebook") != notebook);
}

BOOST_AUTO_TEST_CASE(it_ends_with_its_project) {
    auto const notebook = create("notebook");
    BOOST_TEST(remove(std::string(projects) + "/" + projectId).status == 204);
    BOOST_TEST(get(notebook).status == 404);
}

BOOST_AUTO_TEST_CASE(a_wrong_or_taken_one_is_400) {
    create("notebook");
    BOOST_TEST(post(workspaces, workspace("notebook", projectId)).message() == "The name is taken.");
    auto const elsewhere = idOfNew(projects, project("beta"));
    BOOST_TEST(post(workspaces, workspace("notebook", elsewhere)).status == 202);
    BOOST_TEST(post(workspaces, workspace("x", "unknown")).message() == "Project not found.");
    for (auto const* field : {"name", "projectId", "clusterId"}) {
        auto wanted = workspace("x", projectId);
        wanted.erase(field);
        auto const reply = post(workspaces, wanted);
        BOOST_TEST(reply.status == 400, field);
        BOOST_TEST(reply.json().at("details") == std::string("Required parameter is missing: ") + field);
    }
    auto wanted = workspace("x", projectId);
    wanted["spec"] = 7;
    BOOST_TEST(post(workspaces, wanted).status == 400);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace runai::testing
