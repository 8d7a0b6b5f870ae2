#include "fake_api.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>
#include <vector>

namespace runai::testing {

namespace {

BOOST_FIXTURE_TEST_SUITE(fake_departments, FakeApi)

BOOST_AUTO_TEST_CASE(a_created_department_has_every_required_field) {
    auto const reply = post(departments, department("physics"));
    BOOST_TEST(reply.status == 201);
    auto const created = reply.json();
    for (auto const* field : {"id", "name", "clusterId", "description", "createdAt", "updatedAt", "totalResources"}) {
        BOOST_TEST(created.contains(field), field);
    }
    auto const path = std::string(departments) + "/" + created.at("id").get<std::string>();
    BOOST_TEST(get(path).json() == created);
    BOOST_TEST(remove(path).status == 204);
    BOOST_TEST(get(path).status == 404);
    BOOST_TEST(remove(path).status == 404);
}

BOOST_AUTO_TEST_CASE(projects_lie_in_the_department_default_unless_they_name_another) {
    auto const all = get(departments).json().at("departments");
    BOOST_TEST_REQUIRE(all.size() == 1U);
    BOOST_TEST(all.at(0).at("name") == "default");
    BOOST_TEST(post(projects, project("alpha")).json().at("parentId") == all.at(0).at("id"));
    auto const physics = idOfNew(departments, department("physics"));
    BOOST_TEST(post(projects, project("beta", physics)).json().at("parentId") == physics);
    auto const refused = post(projects, project("gamma", "unknown"));
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(refused.message() == "Department not found.");
}

BOOST_AUTO_TEST_CASE(one_with_projects_cannot_be_deleted) {
    auto const physics = idOfNew(departments, department("physics"));
    auto const path = std::string(departments) + "/" + physics;
    auto const inside = idOfNew(projects, project("alpha", physics));
    BOOST_TEST(remove(path).status == 400);
    BOOST_TEST(remove(std::string(projects) + "/" + inside).status == 204);
    BOOST_TEST(remove(path).status == 204);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_taken_is_409_and_a_wrong_body_400) {
    BOOST_TEST(post(departments, department("physics")).status == 201);
    BOOST_TEST(post(departments, department("physics")).status == 409);
    BOOST_TEST(post(departments, department("default")).status == 409);
    BOOST_TEST(post(departments, {{"name", "x"}, {"clusterId", "unknown"}}).status == 400);
    auto wrong = department("x");
    wrong["resources"] = "none";
    BOOST_TEST(post(departments, wrong).status == 400);
    auto const nameless = post(departments, {{"clusterId", plane.clusterId()}});
    BOOST_TEST(nameless.status == 400);
    BOOST_TEST(nameless.json().at("code") == 400);
    BOOST_TEST(nameless.message() == "The request is invalid.");
    BOOST_TEST(nameless.json().at("details") == "Required parameter is missing: name");
}

BOOST_AUTO_TEST_CASE(of_many_that_want_a_name_at_once_one_gets_it) {
    std::atomic<int> created = 0;
    {
        std::vector<std::jthread> clients;
        for (auto number = 0; number < 8; ++number) {
            clients.emplace_back([&] {
                FakeClient own(plane.url());
                created += own.postJson(departments, department("physics"), token).status == 201 ? 1 : 0;
            });
        }
    }
    BOOST_TEST(created == 1);
    BOOST_TEST(get(departments).json().at("departments").size() == 2U);
}

BOOST_AUTO_TEST_CASE(their_list_pages_with_next) {
    for (auto const* name : {"a", "b", "c"}) {
        BOOST_TEST_REQUIRE(post(departments, department(name)).status == 201);
    }
    auto const path = std::string(departments);
    auto const first = get(path + "?limit=3").json();
    BOOST_TEST(first.at("departments").size() == 3U);
    BOOST_TEST(first.at("next") == 3);
    auto const last = get(path + "?limit=3&offset=3").json();
    BOOST_TEST(last.at("departments").at(0).at("name") == "c");
    BOOST_TEST(!last.contains("next"));
    BOOST_TEST(get(path + "?limit=501").status == 400);
    auto const unknown = get(path + "?verbosity=full");
    BOOST_TEST(unknown.status == 400);
    BOOST_TEST(unknown.json().at("details") == "The fake control plane does not know this list's parameter verbosity.");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace runai::testing
