#include "fake_api.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace runai::testing {

namespace {

constexpr char const* templates = "/api/v1/workload-templates/workspaces";

nlohmann::json named(std::string const& name) {
    return {{"meta", {{"name", name}, {"scopeType", "tenant"}}}, {"spec", {{"image", "jupyter"}}}};
}

BOOST_FIXTURE_TEST_SUITE(fake_workspace_templates, FakeApi)

BOOST_AUTO_TEST_CASE(the_list_pages_with_next_offset) {
    for (auto const* name : {"a", "b", "c"}) {
        BOOST_TEST_REQUIRE(post(templates, named(name)).status == 202);
    }
    auto const path = std::string(templates);
    auto const first = get(path + "?limit=2").json();
    BOOST_TEST(first.at("entries").size() == 2U);
    BOOST_TEST(first.at("entries").at(0).at("meta").at("name") == "a");
    BOOST_TEST(first.at("pagination").at("nextOffset") == 2);
    auto const last = get(path + "?limit=2&offset=2").json();
    BOOST_TEST(last.at("entries").at(0).at("meta").at("name") == "c");
    BOOST_TEST(last.at("pagination").at("offset") == 2);
    BOOST_TEST(!last.at("pagination").contains("nextOffset"));
    BOOST_TEST(get(path + "?search=b").json().at("entries").size() == 1U);
    BOOST_TEST(get(path + "?limit=0").status == 400);
}

BOOST_AUTO_TEST_CASE(a_template_can_be_created_read_and_deleted) {
    auto const created = post(templates, named("notebook")).json();
    BOOST_TEST(created.at("spec").at("image") == "jupyter");
    BOOST_TEST(created.at("meta").at("workloadType") == "Workspace");
    auto const path = std::string(templates) + "/" + created.at("meta").at("id").get<std::string>();
    BOOST_TEST(get(path).json() == created);
    BOOST_TEST(post(templates, named("notebook")).status == 400);
    BOOST_TEST(remove(path).status == 204);
    BOOST_TEST(get(path).status == 404);
    BOOST_TEST(remove(path).status == 404);
}

BOOST_AUTO_TEST_CASE(a_wrong_template_is_400) {
    BOOST_TEST(post(templates, nlohmann::json::object()).status == 400);
    BOOST_TEST(post(templates, {{"meta", 7}}).status == 400);
    BOOST_TEST(post(templates, {{"meta", {{"name", "x"}}}}).status == 400);
    auto const elsewhere = post(templates, {{"meta", {{"name", "x"}, {"scopeType", "project"}}}});
    BOOST_TEST(elsewhere.status == 400);
    BOOST_TEST(elsewhere.json().at("details") == "The fake control plane has templates of scopeType tenant only.");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace runai::testing
