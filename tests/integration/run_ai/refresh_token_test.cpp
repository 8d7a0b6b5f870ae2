#include "control_plane_fixture.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using runai::testing::FakeControlPlaneOptions;
using runai::testing::Version;

/// The grants of all logins so far, whichever API they came by.
std::vector<std::string> grants(ControlPlaneFixture const& fixture) {
    std::vector<std::string> names;
    for (auto const& login : fixture.plane.loginRequests()) {
        for (char const* name : {"refresh_token", "client_credentials", "password"}) {
            if (login.body.starts_with(std::string("grant_type=") + name) ||
                login.body.starts_with(std::string(R"({"grantType":")") + name)) {
                names.emplace_back(name);
            }
        }
    }
    return names;
}

void useThePassword(ControlPlaneFixture& fixture) {
    fixture.forgetClient();
    fixture.environment["RUNAI_USERNAME"] = fixture.plane.userName();
    fixture.environment["RUNAI_PASSWORD"] = fixture.plane.userPassword();
}

} // namespace

BOOST_AUTO_TEST_SUITE(RefreshTokens)

BOOST_DATA_TEST_CASE(a_password_is_sent_once_as_long_as_its_refresh_tokens_are_good,
                     boost::unit_test::data::make({true, false}), rotating) {
    FakeControlPlaneOptions options;
    options.rotateRefreshTokens = rotating;
    ControlPlaneFixture fixture(options);
    useThePassword(fixture);
    httptest::Harness const harness(fixture.options());
    for (int i = 0; i < 3; ++i) {
        harness.session().get("/api/v1/clusters").send().requireStatus(200);
        fixture.clock->advance(2h);
    }
    BOOST_TEST(grants(fixture) == (std::vector<std::string>{"password", "refresh_token", "refresh_token"}),
               boost::test_tools::per_element());
    BOOST_TEST(fixture.plane.counters().loginsRefused == 0U);
}

BOOST_DATA_TEST_CASE(a_revoked_refresh_token_is_followed_by_the_password_once,
                     boost::unit_test::data::make({true, false}), byV2) {
    FakeControlPlaneOptions options;
    options.version = byV2 ? Version::v3_0 : Version::v2_20;
    ControlPlaneFixture fixture(options);
    useThePassword(fixture);
    httptest::Harness const harness(fixture.options());
    harness.session().get("/api/v1/clusters").send().requireStatus(200);
    fixture.plane.revokeTokens();
    fixture.plane.revokeRefreshTokens();
    harness.session().get("/api/v1/clusters").send().requireStatus(200);
    std::vector<std::string> all = grants(fixture);
    if (!byV2) {
        all.erase(all.begin()); // v2 was asked first, and was not there
    }
    BOOST_TEST(all == (std::vector<std::string>{"password", "refresh_token", "password"}),
               boost::test_tools::per_element());
    BOOST_TEST(fixture.plane.counters().loginsRefused == 1U);
}

BOOST_AUTO_TEST_CASE(refresh_tokens_that_come_with_client_credentials_are_not_used) {
    FakeControlPlaneOptions options;
    options.refreshTokensForClients = true;
    ControlPlaneFixture fixture(options);
    httptest::Harness const harness(fixture.options());
    for (int i = 0; i < 2; ++i) {
        harness.session().get("/api/v1/clusters").send().requireStatus(200);
        fixture.plane.revokeTokens();
    }
    BOOST_TEST(grants(fixture) == (std::vector<std::string>{"client_credentials", "client_credentials"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
