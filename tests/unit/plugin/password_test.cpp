#include "login_fixture.hpp"
#include "secret_search.hpp"

#include <httptest/testing/scripted_transport.hpp>
#include <httptest/testing/temporary_folder.hpp>
#include <httptest/token_cache.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

using namespace std::chrono_literals;
using namespace runai::testing;
using httptest::Secret;
using httptest::testing::jsonReply;
using httptest::testing::reply;

namespace {

Environment userEnvironment() {
    return {{"RUNAI_BASE_URL", "https://cp.example"},
            {"RUNAI_USERNAME", "jo@example.com"},
            {"RUNAI_PASSWORD", std::string(canary)}};
}

auto const granted =
    jsonReply(200, R"({"access_token":"t","expires_in":300,"refresh_token":"the-first-refresh-token"})");
auto const refreshed = jsonReply(200, R"({"access_token":"t2","expires_in":300})");
auto const refused = jsonReply(400, R"({"error":"invalid_grant","error_description":"Token is not active"})");

} // namespace

BOOST_AUTO_TEST_SUITE(password)

BOOST_AUTO_TEST_CASE(logs_in_with_name_and_password_and_keeps_the_refresh_token) {
    LoginFixture fixture(with(userEnvironment(), "RUNAI_CLIENT_ID", "web"));
    fixture.transport.reply(granted);
    LoginResult const result = fixture.login();
    BOOST_TEST(result.outcome == Outcome::token, result.text);
    BOOST_TEST(result.token.refreshToken.reveal() == "the-first-refresh-token");
    BOOST_TEST(fixture.transport.requests().at(0).body.starts_with("grant_type=password&username=jo%40example.com&"));
    BOOST_TEST(fixture.transport.requests().at(0).body.ends_with("&client_id=web"));
}

BOOST_AUTO_TEST_CASE(a_control_plane_without_v2_is_asked_by_v1) {
    LoginFixture fixture(userEnvironment());
    fixture.transport.reply(reply(404, "text/plain", ""))
        .reply(jsonReply(200, R"({"accessToken":"t","refreshToken":"of-v1-a-refresh-token"})"))
        .reply(jsonReply(200, R"({"accessToken":"t2"})"));
    LoginResult const first = fixture.login();
    BOOST_TEST(first.token.refreshToken.reveal() == "of-v1-a-refresh-token", first.text);
    BOOST_TEST(fixture.login(&first.token.refreshToken).outcome == Outcome::token);
    BOOST_TEST(fixture.asked() == "v2 v1 v1");
    BOOST_TEST(fixture.transport.requests().at(2).body ==
               R"({"grantType":"refresh_token","refreshToken":"of-v1-a-refresh-token"})");
}

BOOST_AUTO_TEST_CASE(a_refresh_sends_the_refresh_token_and_no_password) {
    LoginFixture fixture(userEnvironment());
    fixture.transport.reply(refreshed);
    Secret const refreshToken("the-first-refresh-token");
    LoginResult const result = fixture.login(&refreshToken);
    BOOST_TEST(result.token.accessToken.reveal() == "t2", result.text);
    BOOST_TEST(fixture.transport.requests().at(0).body ==
               "grant_type=refresh_token&refresh_token=the-first-refresh-token");
}

BOOST_AUTO_TEST_CASE(a_refresh_without_a_new_refresh_token_keeps_the_old_one) {
    LoginFixture fixture(userEnvironment());
    fixture.transport.reply(refreshed).reply(granted);
    Secret const refreshToken("an-older-refresh-token");
    BOOST_TEST(fixture.login(&refreshToken).token.refreshToken.reveal() == "an-older-refresh-token");
    BOOST_TEST(fixture.login(&refreshToken).token.refreshToken.reveal() == "the-first-refresh-token");
}

BOOST_AUTO_TEST_CASE(whatever_is_said_to_a_refresh_but_trouble_leaves_it_to_the_password) {
    Secret const refreshToken("the-first-refresh-token");
    for (auto const& answer : {refused, jsonReply(400, R"({"error":"unsupported_grant_type"})"),
                               jsonReply(401, R"({"code":401,"message":"no"})"), reply(404, "text/plain", ""),
                               reply(403, "text/html", "<title>Blocked</title>"), jsonReply(200, "{}")}) {
        LoginFixture fixture(userEnvironment());
        fixture.transport.reply(answer);
        LoginResult const result = fixture.login(&refreshToken);
        BOOST_TEST(result.outcome == Outcome::rejected, result.text);
        BOOST_TEST(contains(result.text, "could not refresh the token at https://cp.example/api/v2/token: "),
                   result.text);
        BOOST_TEST(fixture.transport.requestCount() == 1U);
    }
    LoginFixture fixture(userEnvironment());
    fixture.transport.reply(jsonReply(429, "", {{"Retry-After", "7"}})).reply(jsonReply(503, ""));
    LoginResult const throttled = fixture.login(&refreshToken);
    BOOST_TEST(throttled.outcome == Outcome::throttled);
    BOOST_TEST((throttled.retryAfter == httptest::RetryAfter(7s)));
    BOOST_TEST(fixture.login(&refreshToken).outcome == Outcome::unavailable);
}

BOOST_AUTO_TEST_CASE(the_cache_refreshes_and_falls_back_to_the_password_once) {
    auto const clock = std::make_shared<httptest::testing::FakeClock>();
    auto const transport = std::make_shared<httptest::testing::ScriptedTransport>(clock);
    runai::TokenApiMemory memory;
    httptest::TokenCache::Parts parts;
    parts.source = std::make_unique<runai::RunAiTokenSource>(httptest::Url::parse("https://cp.example"),
                                                             resolve(userEnvironment()), memory);
    parts.transport = transport;
    parts.clock = clock;
    httptest::TokenCache cache(std::move(parts));
    auto const next = [&] {
        auto const token = cache.acquire(clock->steady() + 10s, {});
        clock->advance(1h);
        return token->authorization;
    };
    transport->reply(granted).reply(refreshed).reply(refused).reply(
        jsonReply(200, R"({"access_token":"t3","expires_in":300,"refresh_token":"the-next-refresh-token"})"));
    BOOST_TEST(next() == "Bearer t");
    BOOST_TEST(next() == "Bearer t2");
    BOOST_TEST(next() == "Bearer t3");

    auto const requests = transport->requests();
    BOOST_REQUIRE(requests.size() == 4U);
    BOOST_TEST(requests[0].body.starts_with("grant_type=password"));
    BOOST_TEST(requests[1].body == "grant_type=refresh_token&refresh_token=the-first-refresh-token");
    BOOST_TEST(requests[2].body == "grant_type=refresh_token&refresh_token=the-first-refresh-token");
    BOOST_TEST(requests[3].body.starts_with("grant_type=password"));
}

BOOST_AUTO_TEST_CASE(a_wrong_password_names_the_user_the_settings_and_the_missing_client) {
    LoginFixture fixture(userEnvironment());
    fixture.transport.reply(jsonReply(400, R"({"error":"invalid_grant"})"));
    LoginResult const result = fixture.login();
    BOOST_TEST(result.outcome == Outcome::rejected);
    BOOST_TEST(
        result.text ==
        "could not log in to https://cp.example/api/v2/token as 'jo@example.com': invalid_grant (check "
        "RUNAI_PASSWORD and RUNAI_USERNAME). Some control planes want a client's id beside a user's password: set "
        "RUNAI_CLIENT_ID (or key 'runai.client_id' of the configuration file).");

    LoginFixture client(with(userEnvironment(), "RUNAI_CLIENT_ID", "web"));
    client.transport.reply(jsonReply(401, R"({"error":"unauthorized_client"})"));
    BOOST_TEST(client.login().text ==
               "could not log in to https://cp.example/api/v2/token as 'jo@example.com': unauthorized_client (check "
               "RUNAI_PASSWORD and RUNAI_USERNAME, and RUNAI_CLIENT_ID)");
}

BOOST_AUTO_TEST_CASE(a_control_plane_that_does_not_know_the_grant_names_the_way_of_accounts) {
    LoginFixture fixture(userEnvironment());
    fixture.transport.reply(jsonReply(400, R"({"error":"unsupported_grant_type"})"))
        .reply(jsonReply(400, R"({"code":400,"message":"unsupported grant type"})"));
    LoginResult const result = fixture.login();
    BOOST_TEST(result.outcome == Outcome::misconfigured);
    for (char const* part : {"the grant password is not known here", "RUNAI_CLIENT_ID", "RUNAI_CLIENT_SECRET"}) {
        BOOST_TEST(contains(result.text, part), result.text);
    }
}

BOOST_AUTO_TEST_CASE(no_error_shows_the_password_or_the_refresh_token) {
    std::string const secret(canary);
    for (std::string const& spelling : httptest::testing::spellingsOf(secret)) {
        LoginFixture fixture(userEnvironment());
        std::string const said = nlohmann::json("got " + spelling).dump();
        fixture.transport.reply(jsonReply(400, R"({"error":"invalid_grant","error_description":)" + said + "}"))
            .reply(jsonReply(400, R"({"error":"invalid_grant","error_description":)" + said + "}"));
        BOOST_TEST(shownPiece(fixture.login().text, secret) == "");
        Secret const refreshToken{secret};
        std::string const refresh = fixture.login(&refreshToken).text;
        BOOST_TEST(shownPiece(refresh, secret) == "", refresh);
    }
}

BOOST_AUTO_TEST_SUITE_END()
