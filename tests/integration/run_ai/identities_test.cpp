#include "control_plane_fixture.hpp"

#include <httptest/bad_credentials.hpp>
#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/testing/test_ca.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using httptest::testing::TestCa;

struct MutualTls : ControlPlaneFixture {
    MutualTls() : MutualTls(TestCa("Client CA")) {}

    explicit MutualTls(TestCa const& clientCa)
        : ControlPlaneFixture({.tls = true, .clientCaPem = clientCa.certificatePem()}) {
        give("RUNAI", clientCa);
        give("RUNAI_RESEARCHER", clientCa);
        for (std::string const identity : {"RUNAI_RESEARCHER", "RUNAI_STRANGER", "RUNAI_VIEWER"}) {
            environment[identity + "_CLIENT_ID"] = plane.clientId();
            environment[identity + "_CLIENT_SECRET"] = plane.clientSecret();
        }
    }

    void give(std::string const& prefix, TestCa const& clientCa) {
        auto const pair = clientCa.issue({.commonName = prefix, .clientAuth = true});
        environment[prefix + "_CLIENT_CERTIFICATE_FILE"] = folder.write(prefix + ".pem", pair.certificatePem).string();
        environment[prefix + "_CLIENT_KEY_FILE"] = folder.write(prefix + ".key", pair.privateKeyPem).string();
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(identities_of_a_control_plane)

BOOST_FIXTURE_TEST_CASE(a_client_certificate_of_its_own_is_never_used_for_another, MutualTls) {
    // Refused by the server: only the default's connection, which is kept, could carry its requests.
    give("RUNAI_STRANGER", TestCa("Another CA"));
    httptest::Harness const harness(options());
    auto const request = [&](char const* identity) {
        return harness.session(identity).get("/api/v1/clusters").send().requireStatus(200);
    };
    request("default");
    BOOST_CHECK_THROW(request("stranger"), httptest::TlsError);
    request("researcher");
    BOOST_TEST(request("viewer").response().connectionReused);

    // Half a certificate is not made whole by the default's.
    environment.erase("RUNAI_RESEARCHER_CLIENT_KEY_FILE");
    httptest::Harness const half(options());
    BOOST_CHECK_THROW(half.session("researcher").get("/api/v1/clusters").send(), httptest::TlsError);
}

BOOST_FIXTURE_TEST_CASE(bad_credentials_are_refused_and_cost_no_login, ControlPlaneFixture) {
    namespace bad = httptest::bad;
    httptest::Harness const harness(options());
    auto const session = harness.session();
    session.get("/api/v1/clusters").send().requireStatus(200);
    for (auto const& credential : {bad::garbage(), bad::tampered(), bad::wrongScheme(), bad::empty()}) {
        auto const exchange = session.get("/api/v1/clusters").auth(credential).send();
        exchange.expectStatus(401);
        BOOST_TEST(exchange.attempts() == 1);
    }
    session.get("/api/v1/clusters").send().expectStatus(200);
    BOOST_TEST(harness.auth().counters.logins == 1U);
    BOOST_TEST(harness.auth().counters.refusals == 0U);
}

BOOST_FIXTURE_TEST_CASE(one_that_a_test_makes_logs_in_at_once, ControlPlaneFixture) {
    httptest::Harness const harness(options());
    auto const fresh = harness.identity("new-sa", {plane.clientId(), httptest::Secret(plane.clientSecret())});
    fresh.get("/api/v1/clusters").send().expectStatus(200);
    auto const wrong = harness.identity("wrong", {plane.clientId(), httptest::Secret("not-its-secret-at-all")});
    BOOST_CHECK_THROW(wrong.get("/api/v1/clusters").send(), httptest::CredentialsRejected);
    fresh.get("/api/v1/clusters").send().expectStatus(200);
    BOOST_TEST(harness.auth("new-sa").counters.logins == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
