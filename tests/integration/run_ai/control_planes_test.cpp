#include "control_plane_fixture.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <ostream>

namespace {

using runai::testing::FakeControlPlaneOptions;
using runai::testing::Version;

struct Plane {
    char const* name;
    Version version;
    bool tls;
    std::size_t v1Logins;
    std::size_t v2Logins;
};

std::ostream& operator<<(std::ostream& stream, Plane const& plane) {
    return stream << plane.name;
}

Plane const planes[] = {
    {"2.18 over http", Version::v2_18, false, 1, 0}, {"2.18 over https", Version::v2_18, true, 1, 0},
    {"2.20 over http", Version::v2_20, false, 1, 0}, {"2.20 over https", Version::v2_20, true, 1, 0},
    {"3.0 over http", Version::v3_0, false, 0, 1},   {"3.0 over https", Version::v3_0, true, 0, 1},
};

FakeControlPlaneOptions optionsFor(Plane const& plane) {
    FakeControlPlaneOptions options;
    options.version = plane.version;
    options.tls = plane.tls;
    return options;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ControlPlanes)

BOOST_DATA_TEST_CASE(one_login_serves_all_requests, boost::unit_test::data::make(planes), plane) {
    ControlPlaneFixture const fixture(optionsFor(plane));
    httptest::Harness const harness(fixture.options());
    httptest::Session const session = harness.session();

    auto const clusters = session.get("/api/v1/clusters").send().requireStatus(200).json();
    BOOST_REQUIRE_EQUAL(clusters.size(), 1U);
    for (int i = 0; i < 5; ++i) {
        session.get("/api/v1/org-unit/projects").query("limit", 10).send().requireStatus(200);
    }

    BOOST_TEST(fixture.plane.counters().loginsV1 == plane.v1Logins);
    BOOST_TEST(fixture.plane.counters().loginsV2 == plane.v2Logins);
    BOOST_TEST(fixture.plane.counters().unauthorized == 0U);
    BOOST_TEST(harness.auth().counters.logins == 1U);
    BOOST_TEST(harness.auth().state == "fresh");
    BOOST_TEST(!harness.auth().subject.empty());
}

BOOST_AUTO_TEST_CASE(a_project_lives_from_post_to_delete) {
    ControlPlaneFixture const fixture;
    httptest::Harness const harness(fixture.options());
    httptest::Session const session = harness.session();

    auto const body = nlohmann::json{
        {"name", "a b/c"}, {"clusterId", fixture.plane.clusterId()}, {"resources", {{{"gpu", {{"deserved", 1}}}}}}};
    auto const created = session.post("/api/v1/org-unit/projects").json(body).send().requireStatus(201).json();
    session.post("/api/v1/org-unit/projects").json(body).send().expectStatus(409);
    auto const one = session.get("/api/v1/org-unit/projects/{id}").path("id", created["id"].get<std::string>());
    BOOST_TEST(one.send().requireStatus(200).json()["name"] == "a b/c");
    session.del("/api/v1/org-unit/projects/{id}")
        .path("id", created["id"].get<std::string>())
        .send()
        .expectStatus({202, 204});
    one.send().expectStatus(404);
}

BOOST_AUTO_TEST_CASE(head_and_options_are_sent_as_such) {
    ControlPlaneFixture const fixture;
    httptest::Harness const harness(fixture.options());
    BOOST_TEST(harness.session().head("/api/v1/clusters").send().body().empty());
    BOOST_TEST(harness.session().options("/api/v1/clusters").send().status() >= 200);
}

BOOST_AUTO_TEST_CASE(a_request_without_a_credential_gets_the_401_of_the_control_plane) {
    ControlPlaneFixture const fixture;
    httptest::Harness const harness(fixture.options());
    auto const exchange = harness.session().get("/api/v1/clusters").anonymous().send();
    exchange.expectStatus(401);
    BOOST_TEST(exchange.attempts() == 1);
    BOOST_TEST(exchange.text().find("sent without a credential, as the test asked") != std::string::npos);
    BOOST_TEST(harness.auth().counters.loginAttempts == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
