#include "support/contains.hpp"

#include <httptest/configuration.hpp>
#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/testing/fault_server.hpp>
#include <httptest/testing/faults.hpp>

#include <runai/testing/fake_control_plane.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace fault_tests {

namespace {

using httptest::testing::FaultServer;
using httptest::testing::forwardingTo;
namespace faults = httptest::testing::faults;

constexpr char const* clusters = "/api/v1/clusters";

/// A control plane behind a server that spoils what it says, and a harness that knows the server alone.
struct SpoiltControlPlane {
    runai::testing::FakeControlPlane plane;
    FaultServer server{forwardingTo(plane.url())};
    httptest::Harness harness{options()};

    httptest::HarnessOptions options() const {
        httptest::HarnessOptions result;
        result.configuration = httptest::Configuration::fromEnvironment({
            {"RUNAI_BASE_URL", server.url()},
            {"RUNAI_CLIENT_ID", plane.clientId()},
            {"RUNAI_CLIENT_SECRET", plane.clientSecret()},
        });
        return result;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(a_control_plane_behind_a_fault_server, SpoiltControlPlane)

BOOST_AUTO_TEST_CASE(is_itself_where_nothing_goes_wrong) {
    auto const reply = harness.session().get(clusters).send();
    BOOST_TEST(reply.status() == 200);
    BOOST_TEST(contains(reply.body(), plane.clusterId()));
    BOOST_TEST(plane.counters().loginsV2 == 1U);
}

BOOST_AUTO_TEST_CASE(is_logged_in_to_once_more_when_a_login_was_lost) {
    server.next(faults::emptyReply(), 1, "/api/v2/token");
    BOOST_TEST(harness.session().get(clusters).send().status() == 200);
    BOOST_TEST(harness.auth().counters.loginAttempts == 2U);
    BOOST_TEST(plane.counters().loginsV2 == 2U); // the lost one was carried out
}

BOOST_AUTO_TEST_CASE(has_carried_out_a_post_whose_reply_was_lost) {
    auto const session = harness.session();
    session.get(clusters).send();
    server.next(faults::cutAfter(20), 1, "/api/v1/org-unit/projects");
    auto const create =
        session.post("/api/v1/org-unit/projects")
            .body(R"({"name":"x","clusterId":")" + plane.clusterId() + R"(","resources":[{"gpu":{"deserved":1}}]})",
                  "application/json");
    BOOST_CHECK_THROW(create.send(), httptest::BadReply);
    BOOST_TEST(create.send().status() == 409);
}

BOOST_AUTO_TEST_CASE(gets_a_new_login_for_a_token_that_it_is_said_to_refuse) {
    server.next(faults::json(401, R"({"code":401,"message":"Issuer is not familiar."})"), 1, clusters);
    auto const reply = harness.session().get(clusters).send();
    BOOST_TEST(reply.status() == 200);
    BOOST_TEST(reply.attempts() == 2);
    BOOST_TEST(plane.counters().loginsV2 == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fault_tests
