#include "plane_fixture.hpp"
#include "support/golden.hpp"

#include <httptest/testing/stub_server.hpp>
#include <httptest/testing/test_ca.hpp>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <string>

namespace {

using namespace std::chrono_literals;
using httptest::testing::StubConnection;
using httptest::testing::StubServer;
using httptest::testing::TestCa;
using runai::testing::ScriptedReply;

void checkDoctor(PlaneFixture const& fixture, std::string const& golden, int exitCode,
                 std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), "doctor");
    Ended const ended = fixture.run(arguments);
    BOOST_TEST(ended.exitCode == exitCode);
    BOOST_TEST(ended.errors.empty(), ended.errors);
    fixture.checkNothingSecret(ended.output + ended.errors);
    checkGolden(golden, ended.output, fixture.folder.path());
}

std::string reply(std::string const& status, std::string const& body) {
    return "HTTP/1.1 " + status +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// A control plane whose tokens may read nothing.
void forbid(StubConnection& connection) {
    for (;;) {
        std::string const request = connection.readRequest();
        if (request.starts_with("POST")) {
            connection.send(reply("200 OK", R"({"access_token":"opaque-token-of-the-stub","expires_in":3600})"));
        } else if (request.starts_with("HEAD")) {
            connection.send("HTTP/1.1 204 No Content\r\n\r\n");
        } else {
            connection.send(
                reply("403 Forbidden", R"({"code":403,"message":"You do not have sufficient permissions."})"));
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(Doctor)

BOOST_FIXTURE_TEST_CASE(nothing_is_configured, PlaneFixture) {
    variables.clear();
    checkDoctor(*this, "no_configuration", 10);
}

BOOST_FIXTURE_TEST_CASE(a_file_has_an_unknown_setting, PlaneFixture) {
    variables["HTTPTEST_CONFIG"] = folder.write("settings.conf", "runai.clientid = somebody\n").string();
    checkDoctor(*this, "unknown_setting", 10);
}

BOOST_FIXTURE_TEST_CASE(a_file_cannot_be_read, PlaneFixture) {
    variables["HTTPTEST_CONFIG"] = (folder.path() / "absent.conf").string();
    checkDoctor(*this, "unreadable_file", 10);
}

BOOST_FIXTURE_TEST_CASE(the_plugin_is_missing, PlaneFixture) {
    variables["HTTPTEST_PROVIDER"] = "nowhere";
    checkDoctor(*this, "plugin_missing", 11);
}

BOOST_FIXTURE_TEST_CASE(the_plugin_is_no_plugin, PlaneFixture) {
    folder.write("libhttptest-text.so", "no library");
    variables["HTTPTEST_PLUGIN_PATH"] = folder.path().string();
    variables["HTTPTEST_PROVIDER"] = "text";
    checkDoctor(*this, "plugin_unusable", 11);
}

BOOST_FIXTURE_TEST_CASE(the_host_name_is_not_known, PlaneFixture) {
    // A label of 64 letters: refused without asking any name server.
    variables["RUNAI_BASE_URL"] = "https://" + std::string(64, 'x') + ".invalid";
    checkDoctor(*this, "dns_failure", 12);
}

BOOST_FIXTURE_TEST_CASE(nobody_listens, PlaneFixture) {
    {
        runai::testing::FakeControlPlane const gone;
        variables["RUNAI_BASE_URL"] = gone.url();
    }
    checkDoctor(*this, "connection_refused", 13);
}

BOOST_FIXTURE_TEST_CASE(the_proxy_wants_credentials, PlaneFixture) {
    StubServer const proxy([](StubConnection& connection) {
        connection.readRequest();
        connection.send("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    });
    variables["RUNAI_BASE_URL"] = "https://api.example.com";
    variables["RUNAI_PROXY_URL"] = "http://127.0.0.1:" + std::to_string(proxy.port());
    checkDoctor(*this, "proxy_refuses", 14);
}

BOOST_FIXTURE_TEST_CASE(the_ca_is_not_known, SecurePlaneFixture) {
    variables.erase("RUNAI_CA_FILE");
    checkDoctor(*this, "tls_unknown_ca", 15);
}

BOOST_FIXTURE_TEST_CASE(the_certificate_has_expired, PlaneFixture) {
    TestCa const ca("Test CA");
    auto const leaf = ca.issue({.ipAddresses = {"127.0.0.1"}, .notBefore = -48h, .notAfter = -24h});
    StubServer const server([](StubConnection& connection) { connection.readRequest(); },
                            {.tls = {{leaf.certificatePem, leaf.privateKeyPem}}});
    variables["RUNAI_BASE_URL"] = server.url("");
    variables["RUNAI_CA_FILE"] = folder.write("ca.pem", ca.certificatePem()).string();
    checkDoctor(*this, "tls_expired_certificate", 15);
}

BOOST_FIXTURE_TEST_CASE(verification_is_off, SecurePlaneFixture) {
    variables["RUNAI_INSECURE_SKIP_VERIFY"] = "true";
    checkDoctor(*this, "tls_not_verified", 0);
}

BOOST_FIXTURE_TEST_CASE(a_secret_would_go_in_clear_text, PlaneFixture) {
    StubServer const proxy([](StubConnection& connection) {
        connection.readRequest();
        connection.send("HTTP/1.1 204 No Content\r\n\r\n");
    });
    variables["RUNAI_BASE_URL"] = "http://api.example.com";
    variables["RUNAI_PROXY_URL"] = "http://127.0.0.1:" + std::to_string(proxy.port());
    checkDoctor(*this, "clear_text", 15);
}

BOOST_FIXTURE_TEST_CASE(the_server_closes_without_a_reply, PlaneFixture) {
    StubServer const server([](StubConnection& connection) {
        connection.readRequest();
        connection.close();
    });
    variables["RUNAI_BASE_URL"] = server.url("");
    checkDoctor(*this, "no_reply", 16);
}

BOOST_FIXTURE_TEST_CASE(a_step_that_takes_too_long_ends, PlaneFixture) {
    StubServer const server([](StubConnection& connection) {
        connection.readRequest();
        connection.waitForClose();
    });
    variables["RUNAI_BASE_URL"] = server.url("");
    Ended const ended = run({"doctor", "--timeout", "1s"});
    BOOST_TEST(ended.exitCode == 16);
    BOOST_TEST(ended.output.find("timed out after 1.") != std::string::npos, ended.output);
}

BOOST_FIXTURE_TEST_CASE(the_clocks_differ, PlaneFixture) {
    plane.setClockSkew(1h);
    Ended const ended = run({"doctor"});
    BOOST_TEST(ended.exitCode == 0);
    BOOST_TEST(ended.output.find("warn  clock") != std::string::npos, ended.output);
    BOOST_TEST(ended.output.find("All is well, with 1 warning.") != std::string::npos, ended.output);
}

BOOST_FIXTURE_TEST_CASE(the_secret_is_wrong, PlaneFixture) {
    variables["RUNAI_CLIENT_SECRET"] = "certainly-not-the-secret";
    checkDoctor(*this, "wrong_secret", 18);
}

BOOST_FIXTURE_TEST_CASE(the_secrets_file_is_missing, PlaneFixture) {
    variables.erase("RUNAI_CLIENT_SECRET");
    variables["RUNAI_CLIENT_SECRET_FILE"] = (folder.path() / "absent").string();
    checkDoctor(*this, "secret_file_missing", 18);
}

BOOST_FIXTURE_TEST_CASE(the_login_is_unavailable, PlaneFixture) {
    // A pause that is longer than the step may take, so that there is no second attempt.
    plane.scriptLogins({20, ScriptedReply{503, {{"Retry-After", "100"}}, R"({"code":503,"message":"starting"})"}});
    checkDoctor(*this, "login_unavailable", 17);
}

BOOST_FIXTURE_TEST_CASE(a_page_answers_instead_of_the_token_api, PlaneFixture) {
    plane.scriptLogins({20, ScriptedReply{200, {{"Content-Type", "text/html"}}, "<html>Sign in</html>"}});
    checkDoctor(*this, "html_instead_of_a_token", 17);
}

BOOST_FIXTURE_TEST_CASE(the_subject_lacks_the_permission, PlaneFixture) {
    StubServer const server(&forbid);
    variables["RUNAI_BASE_URL"] = server.url("");
    checkDoctor(*this, "request_forbidden", 20);
}

BOOST_FIXTURE_TEST_CASE(the_path_does_not_exist, PlaneFixture) {
    checkDoctor(*this, "request_not_found", 20, {"--path", "/api/v1/nothing"});
}

BOOST_FIXTURE_TEST_CASE(all_is_well_over_http, PlaneFixture) {
    checkDoctor(*this, "all_is_well_http", 0, {"--for", "3h"});
    BOOST_TEST(plane.counters().loginRequests() == 1U);
}

BOOST_FIXTURE_TEST_CASE(all_is_well_over_https, SecurePlaneFixture) {
    checkDoctor(*this, "all_is_well_https", 0);
}

BOOST_FIXTURE_TEST_CASE(a_ready_token_must_last_for_the_tests, PlaneFixture) {
    std::string token = run({"token"}).output;
    token.pop_back();
    variables.erase("RUNAI_CLIENT_ID");
    variables.erase("RUNAI_CLIENT_SECRET");
    variables["RUNAI_TOKEN"] = token;
    checkDoctor(*this, "token_ends_too_early", 19, {"--for", "3h"});
    BOOST_TEST(run({"doctor", "--for", "30m"}).exitCode == 0);
    BOOST_TEST(plane.counters().loginRequests() == 1U);
}

BOOST_FIXTURE_TEST_CASE(an_external_token_should_last_for_the_tests_or_be_rewritten, PlaneFixture) {
    variables.erase("RUNAI_CLIENT_ID");
    variables.erase("RUNAI_CLIENT_SECRET");
    variables["RUNAI_EXTERNAL_TOKEN_FILE"] = folder.write("external", plane.externalToken("job:1")).string();
    Ended const ended = run({"doctor", "--for", "3h"});
    BOOST_TEST(ended.exitCode == 0, ended.output);
    BOOST_TEST(ended.output.find("what logs in ends ") != std::string::npos, ended.output);
    BOOST_TEST(ended.output.find("and --for asks for 3 h") != std::string::npos, ended.output);
}

BOOST_FIXTURE_TEST_CASE(json_says_the_same, SecurePlaneFixture) {
    Ended const ended = run({"doctor", "--json"});
    BOOST_TEST(ended.exitCode == 0);
    checkNothingSecret(ended.output);
    auto const report = nlohmann::json::parse(ended.output);
    BOOST_TEST(report["ok"] == true);
    BOOST_TEST(report["exit_code"] == 0);
    BOOST_REQUIRE(report["steps"].size() == 14U);
    BOOST_TEST(report["steps"][6]["step"] == "tls");
    BOOST_TEST(report["steps"][6]["facts"]["version"] == "TLSv1.3");
    BOOST_TEST(report["steps"][6]["facts"]["trusted_by"] == "CN=Fake Run:ai control plane CA");
    BOOST_TEST(report["steps"][11]["facts"]["renewable"] == "true");
}

BOOST_FIXTURE_TEST_CASE(json_of_a_broken_step_names_it_and_skips_the_rest, PlaneFixture) {
    variables["RUNAI_CLIENT_SECRET"] = "certainly-not-the-secret";
    Ended const ended = run({"doctor", "--json"});
    BOOST_TEST(ended.exitCode == 18);
    auto const report = nlohmann::json::parse(ended.output);
    BOOST_TEST(report["ok"] == false);
    BOOST_TEST(report["steps"][10]["result"] == "FAIL");
    BOOST_TEST(!report["steps"][10]["remedy"].get<std::string>().empty());
    BOOST_TEST(report["steps"][11]["result"] == "skip");
}

BOOST_AUTO_TEST_SUITE_END()
