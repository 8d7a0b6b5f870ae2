#define BOOST_TEST_MODULE negative_auth
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace bad = httptest::bad;
namespace data = boost::unit_test::data;
namespace needs = httptest::needs;
using httptest::HarnessFixture;
using httptest::skipUnless;
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

/// A token that this control plane issued once, kept in a file; the fake writes one.
std::string expiredToken() {
    char const* const file = std::getenv("EXPIRED_TOKEN_FILE");
    std::string token;
    std::ifstream(file != nullptr ? file : "") >> token;
    return token;
}
httptest::Need const anExpiredToken([](httptest::Harness const&) {
    return expiredToken().empty() ? "EXPIRED_TOKEN_FILE names no file with an expired token" : "";
});

BOOST_FIXTURE_TEST_CASE(an_expired_token_is_refused, httptest::CaseFixture, *skipUnless(anExpiredToken)) {
    auto const expired = bad::expired(httptest::Secret(expiredToken()));
    session.get("/api/v1/clusters").auth(expired).send().expectStatus(401);
}

BOOST_FIXTURE_TEST_CASE(the_token_decides_what_is_allowed_whoever_sends_it, httptest::CaseFixture,
                        *skipUnless(needs::identity("viewer"))) {
    auto create = session.post("/api/v1/org-unit/projects").body("{}", "application/json");
    create.send().expectStatus(400); // who may create projects hears what is wrong with an empty one
    create.auth(bad::of("viewer")).send().expectStatus(403);
}

BOOST_FIXTURE_TEST_CASE(a_refused_credential_does_not_cost_the_good_one, httptest::CaseFixture) {
    session.get("/api/v1/clusters").send().requireStatus(200);
    auto const logins = session.auth().counters.logins;
    session.get("/api/v1/clusters").auth(bad::tampered()).send().expectStatus(401);
    session.get("/api/v1/clusters").send().expectStatus(200);
    BOOST_TEST(session.auth().counters.logins == logins);
}
