#include "control_plane_fixture.hpp"

#include "support/base64.hpp"

#include <httptest/error.hpp>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

namespace {

using namespace std::chrono_literals;

/// The error of this type that making a harness and sending a request must throw; nothing may have reached the wire.
template <class Expected>
std::string errorBeforeTheWire(ControlPlaneFixture const& fixture) {
    auto const before = fixture.plane.counters().requests;
    std::string text;
    try {
        httptest::Harness const harness(fixture.options());
        harness.session().get("/api/v1/clusters").send();
        BOOST_ERROR("no error");
    } catch (Expected const& error) {
        text = error.what();
    } catch (httptest::Error const& error) {
        BOOST_ERROR(std::string("another error: ") + error.what());
    }
    BOOST_TEST(fixture.plane.counters().requests == before);
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(CredentialErrors)

BOOST_AUTO_TEST_CASE(two_modes_are_a_conflict_that_names_both) {
    ControlPlaneFixture fixture;
    fixture.environment["RUNAI_TOKEN"] = "some-token-0123";
    requireIn(errorBeforeTheWire<httptest::Misconfigured>(fixture),
              {"RUNAI_CLIENT_ID", "RUNAI_CLIENT_SECRET", "token (RUNAI_TOKEN)", "RUNAI_CREDENTIALS"});
}

BOOST_AUTO_TEST_CASE(a_key_of_a_file_that_does_not_exist_is_guessed) {
    ControlPlaneFixture fixture;
    fixture.environment["HTTPTEST_CONFIG"] =
        fixture.folder.write("settings.json", R"({"runai": {"external_token_fil": "/x"}})").string();
    requireIn(errorBeforeTheWire<httptest::Misconfigured>(fixture), {"did you mean 'runai.external_token_file'"});
}

BOOST_AUTO_TEST_CASE(token_files_that_cannot_serve_say_so_before_the_wire) {
    ControlPlaneFixture fixture;
    std::string const expired = fixture.plane.externalToken("jenkins:job", -90min);
    fixture.forgetClient();
    for (std::string const variable : {"RUNAI_TOKEN_FILE", "RUNAI_EXTERNAL_TOKEN_FILE"}) {
        std::string const file = (fixture.folder.path() / "token").string();
        fixture.environment[variable] = file;
        std::filesystem::remove(file);
        requireIn(errorBeforeTheWire<httptest::Misconfigured>(fixture), {file, variable, "No such file"});
        fixture.folder.write("token", "\n");
        requireIn(errorBeforeTheWire<httptest::Misconfigured>(fixture), {file, variable, "is empty"});
        fixture.folder.write("token", expired);
        requireIn(errorBeforeTheWire<httptest::Misconfigured>(fixture),
                  {file, variable, "ended 90 min ago", "must renew it"});
        fixture.environment.erase(variable);
    }
}

BOOST_AUTO_TEST_CASE(an_external_token_of_a_stranger_is_rejected_with_a_question_about_trust) {
    ControlPlaneFixture fixture;
    runai::testing::FakeControlPlane stranger;
    fixture.forgetClient();
    fixture.environment["RUNAI_EXTERNAL_TOKEN"] = stranger.externalToken("jenkins:job");
    httptest::Harness const harness(fixture.options());
    BOOST_CHECK_EXCEPTION(
        harness.session().get("/api/v1/clusters").send(), httptest::CredentialsRejected, [&](auto const& error) {
            requireIn(error.what(),
                      {"as 'jenkins:job'", "invalid_grant", "RUNAI_EXTERNAL_TOKEN", "trust the identity provider"});
            return std::string(error.what()).find("eyJ") == std::string::npos;
        });
}

BOOST_AUTO_TEST_CASE(the_tools_token_for_another_control_plane_is_not_sent) {
    ControlPlaneFixture fixture;
    runai::testing::FakeControlPlane const other;
    nlohmann::json const plane{{"control_plane", {{"url", other.url()}}}};
    nlohmann::json const authentication{{"accessToken", base64(fixture.newToken())}};
    fixture.folder.write("config.json", plane.dump());
    fixture.folder.write("authentication.json", authentication.dump());
    fixture.forgetClient();
    fixture.environment["RUNAI_CLI_CONFIG_PATH"] = fixture.folder.path().string();
    requireIn(errorBeforeTheWire<httptest::Misconfigured>(fixture),
              {other.url(), fixture.plane.url(), "RUNAI_BASE_URL"});
    BOOST_TEST(other.counters().requests == 0U);
}

BOOST_AUTO_TEST_CASE(a_command_that_fails_hangs_or_cannot_be_started_is_told_apart) {
    ControlPlaneFixture fixture;
    fixture.forgetClient();
    auto const command = [&](nlohmann::json const& arguments) {
        fixture.environment["RUNAI_CREDENTIAL_COMMAND"] = arguments.dump();
    };
    command({"/bin/sh", "-c", "echo no such secret >&2; exit 4"});
    requireIn(errorBeforeTheWire<httptest::BadLoginReply>(fixture), {"could not log in", "status 4", "no such secret"});
    fixture.environment["RUNAI_CREDENTIAL_COMMAND_TIMEOUT_MS"] = "200";
    command({"sleep", "1000"});
    requireIn(errorBeforeTheWire<httptest::BadLoginReply>(fixture), {"did not end within 200 ms"});
    command({"/nonexistent/vault"});
    requireIn(errorBeforeTheWire<httptest::Misconfigured>(fixture), {"'/nonexistent/vault'", "cannot be started"});
}

BOOST_AUTO_TEST_CASE(a_harness_that_ends_while_a_command_runs_ends_at_once) {
    ControlPlaneFixture fixture;
    fixture.forgetClient();
    std::filesystem::path const started = fixture.folder.path() / "started";
    fixture.environment["RUNAI_CREDENTIAL_COMMAND"] =
        nlohmann::json{"/bin/sh", "-c", "touch '" + started.string() + "'; exec sleep 1000"}.dump();
    fixture.environment["RUNAI_CREDENTIAL_COMMAND_TIMEOUT_MS"] = "600000";
    fixture.environment["HTTPTEST_REQUEST_TIMEOUT_MS"] = "600000";
    auto harness = std::make_unique<httptest::Harness>(fixture.options());
    std::atomic<bool> cancelled{false};
    std::jthread caller([&, session = harness->session()] {
        try {
            session.get("/api/v1/clusters").send();
        } catch (httptest::Cancelled const&) {
            cancelled = true;
        }
    });
    while (!std::filesystem::exists(started)) {
        std::this_thread::yield();
    }
    harness.reset();
    caller.join();
    BOOST_TEST(cancelled);
}

BOOST_AUTO_TEST_SUITE_END()
