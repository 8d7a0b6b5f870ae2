#include "login_fixture.hpp"
#include "secret_search.hpp"

#include <httptest/error.hpp>
#include <httptest/testing/scripted_transport.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace runai::testing;
using httptest::Response;
using httptest::testing::jsonReply;
using httptest::testing::reply;

namespace {

std::string errorOf(Environment const& environment, std::vector<Response> const& replies) {
    LoginFixture fixture(environment);
    for (Response const& response : replies) {
        fixture.transport.reply(response);
    }
    return fixture.login().text;
}

std::string errorOf(std::vector<Response> const& replies) {
    return errorOf(clientEnvironment(), replies);
}

Response const absent = reply(404, "text/plain", "");
std::string const v2Start = "could not log in to https://cp.example/api/v2/token as 'ci-bot': ";
std::string const v1Start = "could not log in to https://cp.example/api/v1/token as 'ci-bot': ";
std::string const isThisTheAddress = ". Is RUNAI_BASE_URL the control plane's address?";

} // namespace

BOOST_AUTO_TEST_SUITE(run_ai_token_source)

BOOST_AUTO_TEST_CASE(rejected_credentials_name_url_account_reason_and_variables) {
    BOOST_TEST(
        errorOf({jsonReply(401, R"({"error":"invalid_client","error_description":"Bad client credentials"})")}) ==
        v2Start + "invalid_client: Bad client credentials (check RUNAI_CLIENT_SECRET and RUNAI_CLIENT_ID)");
    BOOST_TEST(errorOf({absent, jsonReply(401, R"({"code":401,"message":"no such client"})")}) ==
               v1Start +
                   "code 401: no such client (check RUNAI_CLIENT_SECRET and RUNAI_CLIENT_ID); before that "
                   "/api/v2/token: status 404");
    BOOST_TEST(errorOf(appEnvironment(), {jsonReply(400, R"({"code":400,"message":"no"})")}) ==
               "could not log in to https://cp.example/api/v1/token as 'ci-app': code 400: no "
               "(check RUNAI_APP_SECRET and RUNAI_APP_ID)");
}

BOOST_AUTO_TEST_CASE(rejected_credentials_name_the_file_that_they_came_from) {
    httptest::testing::TemporaryFolder const folder;
    Environment environment = clientEnvironment();
    environment.erase("RUNAI_CLIENT_ID");
    environment.erase("RUNAI_CLIENT_SECRET");
    environment["RUNAI_CLIENT_SECRET_FILE"] = folder.write("secret", "0123456789\n").string();
    std::string const file = folder.write("settings.json", R"({"runai": {"client_id": "ci-bot"}})").string();
    environment["HTTPTEST_CONFIG"] = file;
    std::string const text = errorOf(environment, {jsonReply(401, R"({"error":"invalid_client"})")});
    BOOST_TEST(contains(text, "check RUNAI_CLIENT_SECRET_FILE and key 'runai.client_id' of " + file), text);
}

BOOST_AUTO_TEST_CASE(an_unsupported_grant_names_the_versions_that_have_it_and_the_way_out) {
    Response const v1Unsupported = jsonReply(400, R"({"code":400,"message":"unsupported grant type"})");
    std::string const client = errorOf({absent, v1Unsupported});
    for (char const* part : {"the grant client_credentials is not known here", "from 2.20 on",
                             "2.18 and 2.19 want app_token", "RUNAI_APP_ID", "RUNAI_APP_SECRET"}) {
        BOOST_TEST(contains(client, part), client << " does not say " << part);
    }
    std::string const app = errorOf(appEnvironment(), {v1Unsupported});
    for (char const* part :
         {"the grant app_token is not known here", "2.18 to 2.25", "RUNAI_CLIENT_ID", "RUNAI_CLIENT_SECRET"}) {
        BOOST_TEST(contains(app, part), app << " does not say " << part);
    }
}

BOOST_AUTO_TEST_CASE(a_configured_api_that_fails_is_named_with_its_variable) {
    Environment const environment = with(clientEnvironment(), "RUNAI_TOKEN_API", "v2");
    BOOST_TEST(errorOf(environment, {absent}) ==
               v2Start + "there is no token API (status 404)" + isThisTheAddress +
                   " Only the token API v2 was asked, as RUNAI_TOKEN_API says; 'auto' asks both.");
}

BOOST_AUTO_TEST_CASE(throttling_and_trouble_carry_the_pause_that_was_asked_for) {
    LoginFixture fixture;
    fixture.transport.reply(jsonReply(429, "{}", {{"Retry-After", "30"}}))
        .reply(jsonReply(503, R"({"code":503,"message":"down"})", {{"Retry-After", "5"}}))
        .reply(jsonReply(429, ""));
    LoginResult const throttled = fixture.login();
    BOOST_TEST(throttled.text == v2Start + "too many logins (status 429), asks for a pause of 30 s");
    BOOST_TEST((throttled.retryAfter == httptest::RetryAfter(30s)));
    LoginResult const unavailable = fixture.login();
    BOOST_TEST(unavailable.text ==
               v2Start +
                   "the control plane or a gateway before it is in trouble (status 503), asks for a pause of 5 s");
    BOOST_TEST((unavailable.retryAfter == httptest::RetryAfter(5s)));
    LoginResult const silent = fixture.login();
    BOOST_TEST(silent.text == v2Start + "too many logins (status 429)");
    BOOST_TEST(!silent.retryAfter.has_value());
}

BOOST_AUTO_TEST_CASE(a_stranger_that_answers_makes_the_error_ask_about_the_address) {
    Response const page = reply(200, "text/html", "<html><title>Welcome</title>");
    BOOST_TEST(errorOf({page, page}) ==
               v1Start +
                   "an HTML page answered (status 200, title 'Welcome'); before that /api/v2/token: an HTML "
                   "page answered (status 200, title 'Welcome')" +
                   isThisTheAddress);
    BOOST_TEST(errorOf({absent, absent}) ==
               v1Start + "there is no token API (status 404); before that /api/v2/token: status 404" +
                   isThisTheAddress);
    BOOST_TEST(errorOf({absent, reply(302, "", "", {{"Location", "https://sso.example/x?y"}})}) ==
               v1Start + "a redirect (status 302) to https://sso.example; before that /api/v2/token: status 404" +
                   isThisTheAddress);
    BOOST_TEST(errorOf({reply(403, "text/html", "<title>Blocked</title>")}) ==
               v2Start + "an HTML page answered (status 403, title 'Blocked')" + isThisTheAddress);
}

BOOST_AUTO_TEST_CASE(a_fault_of_the_reply_names_the_field) {
    BOOST_TEST(errorOf({jsonReply(200, R"({"access_token":"t","expires_in":-1})")}) ==
               v2Start + "expires_in is no number of seconds from 0 to 315360000 (10 years)" + isThisTheAddress);
    BOOST_TEST(
        errorOf({jsonReply(400, R"({"error":"invalid_request","error_description":"Missing form parameter"})")}) ==
        v2Start + "invalid_request: Missing form parameter");
}

BOOST_AUTO_TEST_CASE(no_text_shows_a_secret_that_the_server_repeats) {
    std::string const secret(canary);
    for (std::string const& spelling : httptest::testing::spellingsOf(secret)) {
        for (std::size_t const padding : {0U, 170U, 180U, 190U, 195U}) {
            std::string const said = nlohmann::json(std::string(padding, '.') + " " + spelling + " ").dump();
            std::string const page = "<title>" + std::string(padding / 3, '.') + spelling + "</title>";
            for (std::vector<Response> const& replies : std::vector<std::vector<Response>>{
                     {jsonReply(401, R"({"error":"invalid_client","error_description":)" + said + "}")},
                     {jsonReply(400, R"({"error":"invalid_request","error_description":)" + said + "}")},
                     {jsonReply(401, R"({"error":)" + said + "}"),
                      jsonReply(401, R"({"code":1,"message":)" + said + "}")},
                     {jsonReply(401, R"({"message":)" + said + "}"), jsonReply(401, R"({"message":)" + said + "}")},
                     {reply(200, "text/html", page), reply(200, "text/html", page)},
                     {jsonReply(200, R"({"access_token":17,"echo":)" + said + "}")},
                     {jsonReply(200, R"({"access_token":"t","expires_in":)" + said + "}")},
                     {jsonReply(200, R"({"access_token":"t","token_type":)" + said + "}")},
                     {jsonReply(200, "{" + said + ":1e999}")},
                 }) {
                std::string const text = errorOf(replies);
                BOOST_TEST(!text.empty());
                BOOST_TEST(shownPiece(text, secret) == "", text);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_server_is_not_quoted_when_the_secret_is_too_short_to_be_redacted) {
    std::string const text =
        errorOf(with(clientEnvironment(), "RUNAI_CLIENT_SECRET", "hunter2"),
                {jsonReply(401, R"({"error":"invalid_client","error_description":"not hunter2"})")});
    BOOST_TEST(text == v2Start + "invalid_client (check RUNAI_CLIENT_SECRET and RUNAI_CLIENT_ID)");
}

BOOST_AUTO_TEST_CASE(a_refresh_token_for_credentials_that_can_be_sent_again_is_not_taken) {
    for (char const* body :
         {R"({"access_token":"t","refresh_token":"a-refresh-token"})", R"({"access_token":"t","refresh_token":17})"}) {
        LoginFixture fixture;
        fixture.transport.reply(jsonReply(200, body));
        LoginResult const result = fixture.login();
        BOOST_TEST(result.outcome == Outcome::token, result.text);
        BOOST_TEST(result.token.refreshToken.empty());
    }
    LoginFixture app(appEnvironment());
    app.transport.reply(jsonReply(200, R"({"accessToken":"t","refreshToken":"a-refresh-token"})"));
    BOOST_TEST(app.login().token.refreshToken.empty());
}

BOOST_AUTO_TEST_CASE(only_logins_by_a_secret_of_high_entropy_are_shared_and_ready_tokens_are_not_renewed) {
    Environment const base{{"RUNAI_BASE_URL", "https://cp.example"}};
    std::string const secret(canary);
    for (Environment const& environment : {clientEnvironment(), appEnvironment()}) {
        LoginFixture const fixture(environment);
        BOOST_REQUIRE(fixture.source->sharing().has_value());
        BOOST_TEST(fixture.source->sharing()->secret.reveal() == canary);
        BOOST_TEST(!contains(fixture.source->sharing()->account, secret));
        BOOST_TEST(fixture.source->renewable());
    }
    LoginFixture const guessable(with(clientEnvironment(), "RUNAI_CLIENT_SECRET", "fifteen-letters"));
    BOOST_TEST(!guessable.source->sharing().has_value());
    struct Row {
        char const* name;
        char const* value;
        bool renewable;
    };
    for (Row const& row : {Row{"RUNAI_EXTERNAL_TOKEN", "a.b.c", true}, Row{"RUNAI_TOKEN", "opaque-token", false},
                           Row{"RUNAI_CLI_CONFIG_PATH", "/nowhere", false},
                           Row{"RUNAI_CREDENTIAL_COMMAND", "[\"/nonexistent\"]", true}}) {
        LoginFixture const fixture(with(base, row.name, row.value));
        BOOST_TEST(!fixture.source->sharing().has_value(), row.name);
        BOOST_TEST(fixture.source->renewable() == row.renewable, row.name);
    }
    LoginFixture const user(with(with(base, "RUNAI_USERNAME", "jo"), "RUNAI_PASSWORD", secret));
    BOOST_TEST(!user.source->sharing().has_value());
    BOOST_TEST(user.source->renewable());
}

BOOST_AUTO_TEST_CASE(an_account_name_is_printed_clean_and_short) {
    std::string const id = "a\x1B[31m" + std::string(200, 'b');
    std::string const text =
        errorOf(with(clientEnvironment(), "RUNAI_CLIENT_ID", id), {jsonReply(401, R"({"error":"invalid_client"})")});
    BOOST_TEST(contains(text, " as 'a [31m" + std::string(94, 'b') + "…': "), text);
}

BOOST_AUTO_TEST_CASE(describes_who_logs_in_where_without_the_secret) {
    LoginFixture const client;
    BOOST_TEST(client.source->describe() ==
               "client_credentials of 'ci-bot' at https://cp.example/, by client_id (RUNAI_CLIENT_ID), client_secret "
               "(RUNAI_CLIENT_SECRET)");
    LoginFixture const app(appEnvironment());
    BOOST_TEST(app.source->describe() ==
               "app_token of 'ci-app' at https://cp.example/, by app_id (RUNAI_APP_ID), app_secret (RUNAI_APP_SECRET)");
}

BOOST_AUTO_TEST_CASE(a_rotated_secret_changes_the_version_and_is_sent_at_the_next_login) {
    httptest::testing::TemporaryFolder const folder;
    Environment environment = clientEnvironment();
    environment.erase("RUNAI_CLIENT_SECRET");
    environment["RUNAI_CLIENT_SECRET_FILE"] = folder.write("secret", "the-first-secret\n").string();
    LoginFixture fixture(environment);
    fixture.transport.otherwise([](httptest::Request const&) { return jsonReply(200, R"({"access_token":"t"})"); });
    std::string const before = fixture.source->credentialVersion();
    BOOST_TEST(fixture.login().outcome == Outcome::token);
    folder.write("secret", "the-second-secret\n");
    BOOST_TEST(fixture.source->credentialVersion() != before);
    BOOST_TEST(!contains(fixture.source->credentialVersion(), "secret"));
    BOOST_TEST(fixture.login().outcome == Outcome::token);
    BOOST_TEST(contains(fixture.transport.requests().at(0).body, "client_secret=the-first-secret"));
    BOOST_TEST(contains(fixture.transport.requests().at(1).body, "client_secret=the-second-secret"));
}

BOOST_AUTO_TEST_CASE(a_secret_file_that_vanished_is_an_error_before_the_wire) {
    Environment environment = clientEnvironment();
    environment.erase("RUNAI_CLIENT_SECRET");
    std::string path;
    {
        httptest::testing::TemporaryFolder const folder;
        path = folder.write("secret", "0123456789").string();
        environment["RUNAI_CLIENT_SECRET_FILE"] = path;
    }
    LoginFixture fixture(environment);
    LoginResult const result = fixture.login();
    BOOST_TEST(result.outcome == Outcome::misconfigured);
    BOOST_TEST(contains(result.text, path), result.text);
    BOOST_TEST(fixture.transport.requestCount() == 0U);
}

BOOST_AUTO_TEST_CASE(a_login_ends_at_its_deadline_and_when_it_is_cancelled) {
    LoginFixture fixture;
    fixture.transport.otherwise([](httptest::Request const&) { return jsonReply(200, R"({"access_token":"t"})"); });
    BOOST_CHECK_THROW(fixture.source->fetch({fixture.transport, *fixture.clock, fixture.clock->steady(), {}}),
                      httptest::TimedOut);
    std::stop_source stop;
    stop.request_stop();
    BOOST_CHECK_THROW(
        fixture.source->fetch({fixture.transport, *fixture.clock, fixture.clock->steady() + 1s, stop.get_token()}),
        httptest::Cancelled);
}

BOOST_AUTO_TEST_SUITE_END()
