#define BOOST_TEST_MODULE negative_auth
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>

#include <string>
#include <vector>

namespace bad = httptest::bad;
namespace data = boost::unit_test::data;
using httptest::HarnessFixture;
BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture);

std::vector<std::string> const paths{"/api/v1/clusters", "/api/v1/org-unit/projects",
                                     "/api/v1/authorization/access-rules"};

BOOST_DATA_TEST_CASE_F(httptest::CaseFixture, nothing_can_be_read_with, data::make(paths) * data::make(bad::all()),
                       path, credential) {
    session.get(path).auth(credential).send().expectStatus(401);
}

BOOST_DATA_TEST_CASE_F(httptest::CaseFixture, nothing_can_be_created_with, data::make(bad::all()), credential) {
    session.post("/api/v1/org-unit/projects").body("{}", "application/json").auth(credential).send().expectStatus(401);
}

BOOST_FIXTURE_TEST_CASE(nothing_can_be_read_without_a_credential, httptest::CaseFixture) {
    session.get("/api/v1/clusters").anonymous().send().expectStatus(401);
}

BOOST_FIXTURE_TEST_CASE(a_refused_credential_does_not_cost_the_good_one, httptest::CaseFixture) {
    session.get("/api/v1/clusters").send().requireStatus(200);
    auto const logins = session.auth().counters.logins;
    session.get("/api/v1/clusters").auth(bad::tampered()).send().expectStatus(401);
    session.get("/api/v1/clusters").send().expectStatus(200);
    BOOST_TEST(session.auth().counters.logins == logins);
}
