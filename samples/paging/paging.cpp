#define BOOST_TEST_MODULE paging
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>
#include <httptest/pages.hpp>
#include <httptest/unique_name.hpp>
#include <nlohmann/json.hpp>

#include <random>
#include <set>
#include <string>

using httptest::HarnessFixture;
BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture);

/// A case's own items, whose names begin alike: others come and go in the same lists meanwhile.
struct OwnItems : httptest::CaseFixture {
    std::string newName() { return *names.insert(httptest::uniqueName(batch)).first; }

    /// What of the list at `path` the case has made.
    httptest::RequestBuilder own(std::string const& path) const {
        return session.get(path).query("filterBy", "name=^" + batch);
    }

    int roleNamed(std::string const& name) const {
        for (auto const& role : httptest::pages(session, "/api/v1/authorization/roles")) {
            if (role["name"] == name) {
                return role["id"];
            }
        }
        BOOST_FAIL("there is no role " << name);
        return 0;
    }

    std::string const batch = "paging-" + std::to_string(std::random_device()());
    std::set<std::string> names;
};

struct FiveProjects : OwnItems {
    FiveProjects() {
        auto const cluster = session.get("/api/v1/clusters").send().requireStatus(200).capture<std::string>("/0/uuid");
        while (names.size() < 5) {
            auto const id =
                session.post("/api/v1/org-unit/projects")
                    .json({{"name", newName()}, {"clusterId", cluster}, {"resources", {{{"gpu", {{"deserved", 0}}}}}}})
                    .send()
                    .requireStatus(201)
                    .capture<std::string>("/id");
            cleanup.add(session.del("/api/v1/org-unit/projects/{id}").path("id", id));
        }
    }
};

BOOST_FIXTURE_TEST_CASE(pages_of_two_hold_every_project_once, FiveProjects) {
    std::set<std::string> found;
    for (auto const& project : httptest::pages(own("/api/v1/org-unit/projects")).limit(2).expectNoDuplicates("/id")) {
        found.insert(project["name"]);
    }
    BOOST_TEST(found == names, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(there_are_as_many_whatever_the_limit, FiveProjects) {
    for (auto const limit : {1U, 4U, 5U, 500U}) {
        httptest::pages(own("/api/v1/org-unit/projects")).limit(limit).expectCount(5);
    }
}

BOOST_FIXTURE_TEST_CASE(templates_are_paged_in_another_way_and_read_alike, OwnItems) {
    std::string const templates = "/api/v1/workload-templates/workspaces"; // "pagination", where projects have "next"
    while (names.size() < 3) {
        auto const id = session.post(templates)
                            .json({{"meta", {{"name", newName()}, {"scopeType", "tenant"}}},
                                   {"spec", {{"image", "jupyter/base-notebook"}}}})
                            .send()
                            .requireStatus(202)
                            .capture<std::string>("/meta/id");
        cleanup.add(session.del(templates + "/{id}").path("id", id));
    }
    httptest::pages(own(templates)).limit(2).expectCount(3).expectNoDuplicates("/meta/id");
}

BOOST_FIXTURE_TEST_CASE(a_list_that_tells_its_total_is_read_to_the_end, FiveProjects) {
    std::string const rules = "/api/v1/authorization/access-rules"; // "totalRecords"
    for (auto const& project : httptest::pages(own("/api/v1/org-unit/projects"))) {
        auto const id = session.post(rules)
                            .json({{"subjectId", batch + "@example.com"},
                                   {"subjectType", "user"},
                                   {"roleId", roleNamed("Viewer")},
                                   {"scopeType", "project"},
                                   {"scopeId", project["id"]}})
                            .send()
                            .requireStatus(201)
                            .capture<int>("/id");
        cleanup.add(session.del(rules + "/{id}").path("id", id));
    }
    auto const ownRules = session.get(rules).query("filterBy", "subjectId=^" + batch);
    httptest::pages(ownRules).limit(2).expectCount(5).expectNoDuplicates("/id");
}

BOOST_FIXTURE_TEST_CASE(a_bare_array_is_a_list_as_well, httptest::CaseFixture) {
    httptest::pages(session, "/api/v1/authorization/roles").expectNoDuplicates("/id");
}
