#define BOOST_TEST_MODULE api_tests
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>
#include <nlohmann/json.hpp>

using httptest::HarnessFixture;
BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture);

struct Researcher : httptest::CaseFixture {
    Researcher() : CaseFixture("researcher") {}
};

// The README shows how this fails.
BOOST_FIXTURE_TEST_CASE(a_researcher_creates_no_project, Researcher) {
    for (int reads = 0; reads < 4; ++reads) {
        session.get("/api/v1/org-unit/projects").send().requireStatus(200);
    }
    session.post("/api/v1/org-unit/projects").json({{"name", "x"}}).send().expectStatus(201);
}
