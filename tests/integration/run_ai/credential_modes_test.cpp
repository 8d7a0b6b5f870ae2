#include "control_plane_fixture.hpp"

#include "support/base64.hpp"

#include <httptest/error.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <ostream>
#include <string>

namespace {

using runai::testing::FakeControlPlaneOptions;
using runai::testing::Version;

struct TokenApis {
    char const* name;
    Version version;
    bool withoutV1;
    bool byV2;
};

std::ostream& operator<<(std::ostream& stream, TokenApis const& plane) {
    return stream << plane.name;
}

TokenApis const allTokenApis[] = {
    {"v1 only", Version::v2_20, false, false},
    {"v2 only", Version::v3_0, true, true},
    {"both", Version::v3_0, false, true},
};

FakeControlPlaneOptions optionsFor(TokenApis const& plane) {
    FakeControlPlaneOptions options;
    options.version = plane.version;
    options.withoutV1 = plane.withoutV1;
    return options;
}

/// A way in: what it puts into the environment, and what the account is then called.
struct Mode {
    char const* name;
    void (*configure)(ControlPlaneFixture&);
    bool logsIn;
    char const* account;
};

std::ostream& operator<<(std::ostream& stream, Mode const& mode) {
    return stream << mode.name;
}

void configureCommand(ControlPlaneFixture& fixture, nlohmann::json const& output) {
    std::string const file = fixture.folder.write("output.json", output.dump()).string();
    fixture.environment["RUNAI_CREDENTIAL_COMMAND"] = nlohmann::json{"cat", file}.dump();
}

Mode const modes[] = {
    {"client_credentials", [](ControlPlaneFixture&) {}, true, "client_credentials of 'fake-client' at http"},
    {"external_token_exchange",
     [](ControlPlaneFixture& fixture) {
         fixture.forgetClient();
         fixture.environment["RUNAI_EXTERNAL_TOKEN_FILE"] =
             fixture.folder.write("external", fixture.plane.externalToken("jenkins:job") + "\n").string();
     },
     true, "external_token_exchange with the token of RUNAI_EXTERNAL_TOKEN_FILE at http"},
    {"password",
     [](ControlPlaneFixture& fixture) {
         fixture.forgetClient();
         fixture.environment["RUNAI_USERNAME"] = fixture.plane.userName();
         fixture.environment["RUNAI_PASSWORD_FILE"] =
             fixture.folder.write("password", fixture.plane.userPassword() + "\n").string();
     },
     true, "password of 'fake-user@example.com' at http"},
    {"token",
     [](ControlPlaneFixture& fixture) {
         fixture.environment["RUNAI_TOKEN_FILE"] = fixture.folder.write("token", fixture.newToken()).string();
         fixture.forgetClient();
     },
     false, "token of RUNAI_TOKEN_FILE at http"},
    {"cli",
     [](ControlPlaneFixture& fixture) {
         nlohmann::json const plane{{"control_plane", {{"url", fixture.plane.url()}}}};
         nlohmann::json const authentication{{"accessToken", base64(fixture.newToken())}};
         fixture.folder.write("runai/config.json", plane.dump());
         fixture.folder.write("runai/authentication.json", authentication.dump());
         fixture.environment["RUNAI_CLI_CONFIG_PATH"] = (fixture.folder.path() / "runai").string();
         fixture.environment["RUNAI_CREDENTIALS"] = "cli"; // the client stays configured, and unused
     },
     false, "cli login of "},
    {"credential_command with a client",
     [](ControlPlaneFixture& fixture) {
         fixture.forgetClient();
         configureCommand(fixture,
                          {{"clientId", fixture.plane.clientId()}, {"clientSecret", fixture.plane.clientSecret()}});
     },
     true, "credential_command 'cat' at http"},
    {"credential_command with a token",
     [](ControlPlaneFixture& fixture) {
         configureCommand(fixture, {{"token", fixture.newToken()}, {"expiresIn", 600}});
         fixture.forgetClient();
     },
     false, "credential_command 'cat' at http"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(CredentialModes)

BOOST_DATA_TEST_CASE(every_mode_opens_every_control_plane,
                     boost::unit_test::data::make(modes) * boost::unit_test::data::make(allTokenApis), mode, plane) {
    ControlPlaneFixture fixture(optionsFor(plane));
    mode.configure(fixture);
    auto const before = fixture.plane.counters();
    httptest::Harness const harness(fixture.options());
    httptest::Session const session = harness.session();
    for (int i = 0; i < 3; ++i) {
        session.get("/api/v1/clusters").send().requireStatus(200);
    }
    auto const after = fixture.plane.counters();
    BOOST_TEST(after.loginsV2 - before.loginsV2 == (mode.logsIn && plane.byV2 ? 1U : 0U));
    BOOST_TEST(after.loginsV1 - before.loginsV1 == (mode.logsIn && !plane.byV2 ? 1U : 0U));
    BOOST_TEST(after.loginsRefused == 0U);
    BOOST_TEST(after.unauthorized == 0U);
    BOOST_TEST(harness.auth().account.starts_with(mode.account), harness.auth().account);
    BOOST_TEST(harness.auth().expiresAt.has_value());

    if (mode.logsIn) {
        fixture.plane.revokeTokens();
        session.get("/api/v1/clusters").send().requireStatus(200);
        BOOST_TEST(fixture.plane.counters().logins() - before.logins() == 2U);
    }
}

BOOST_AUTO_TEST_CASE(a_control_plane_that_wants_a_client_beside_the_password_gets_it) {
    FakeControlPlaneOptions options;
    options.passwordClientId = "web";
    options.withoutV1 = true;
    ControlPlaneFixture fixture(options);
    fixture.forgetClient();
    fixture.environment["RUNAI_USERNAME"] = fixture.plane.userName();
    fixture.environment["RUNAI_PASSWORD"] = fixture.plane.userPassword();
    {
        httptest::Harness const harness(fixture.options());
        BOOST_CHECK_EXCEPTION(harness.session().get("/api/v1/clusters").send(), httptest::CredentialsRejected,
                              [](auto const& error) {
                                  return std::string(error.what()).find("set RUNAI_CLIENT_ID") != std::string::npos;
                              });
    }
    fixture.environment["RUNAI_CLIENT_ID"] = "web";
    httptest::Harness const harness(fixture.options());
    for (int i = 0; i < 3; ++i) { // by the password, then by refresh tokens
        harness.session().get("/api/v1/clusters").send().requireStatus(200);
        fixture.clock->advance(std::chrono::hours(2));
    }
    BOOST_TEST(fixture.plane.counters().loginsRefused == 1U); // that of the harness without a client
}

BOOST_AUTO_TEST_CASE(a_viewer_is_forbidden_what_an_admin_may_and_a_403_causes_no_login) {
    ControlPlaneFixture fixture;
    auto const project = nlohmann::json{
        {"name", "p"}, {"clusterId", fixture.plane.clusterId()}, {"resources", {{{"gpu", {{"deserved", 1}}}}}}};
    httptest::Harness const admin(fixture.options());
    fixture.environment["RUNAI_CLIENT_ID"] = fixture.plane.viewerId();
    fixture.environment["RUNAI_CLIENT_SECRET"] = fixture.plane.viewerSecret();
    httptest::Harness const viewer(fixture.options());

    auto const refused = viewer.session().post("/api/v1/org-unit/projects").json(project).send();
    refused.requireStatus(403);
    BOOST_TEST(refused.attempts() == 1);
    admin.session().post("/api/v1/org-unit/projects").json(project).send().requireStatus(201);
    viewer.session().get("/api/v1/org-unit/projects").send().requireStatus(200);
    BOOST_TEST(viewer.auth().counters.loginAttempts == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
