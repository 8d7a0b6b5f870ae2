#include "token_api_choice.hpp"
#include "login_fixture.hpp"

#include <httptest/error.hpp>
#include <httptest/testing/scripted_transport.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace runai::testing;
using httptest::Response;
using httptest::testing::jsonReply;
using httptest::testing::reply;
using runai::ApiVersion;
using runai::Grant;

namespace {

Response const grantedV1 = jsonReply(200, R"({"accessToken":"from-v1"})");
Response const grantedV2 = jsonReply(200, R"({"access_token":"from-v2","token_type":"Bearer","expires_in":3600})");
Response const refusedV1 = jsonReply(401, R"({"code":401,"message":"no such client"})");
Response const refusedV2 = jsonReply(401, R"({"error":"invalid_client"})");
Response const unsupportedV1 = jsonReply(400, R"({"code":400,"message":"unsupported grant type"})");
Response const unsupportedV2 = jsonReply(400, R"({"error":"unsupported_grant_type"})");
Response const envelope401 = jsonReply(401, R"({"code":401,"message":"Issuer is not familiar."})");
Response const page200 = reply(200, "text/html", "<title>Run:ai</title>");
Response const page401 = reply(401, "text/html", "<title>Sign in</title>");
Response const page403 = reply(403, "text/html", "<title>Blocked</title>");
Response const redirect = reply(302, "text/html", "", {{"Location", "https://sso.example/"}});

Response status(int number) {
    return reply(number, "text/plain", "");
}

struct Row {
    char const* name;
    std::optional<ApiVersion> known;
    std::vector<Response> replies;
    char const* asked;
    Outcome outcome;
    std::optional<ApiVersion> knownAfter;
};

constexpr auto nothing = std::nullopt;
constexpr auto v1 = ApiVersion::v1;
constexpr auto v2 = ApiVersion::v2;

void check(Row const& row, Environment const& environment, Grant grant) {
    BOOST_TEST_CONTEXT(row.name) {
        LoginFixture fixture(environment);
        auto const known = fixture.memory.of(httptest::Url::parse("https://cp.example"), grant);
        known->set(row.known);
        for (Response const& response : row.replies) {
            fixture.transport.reply(response);
        }
        LoginResult const result = fixture.login();
        BOOST_TEST(result.outcome == row.outcome, nameOf(result.outcome) << ": " << result.text);
        BOOST_TEST(fixture.asked() == row.asked);
        BOOST_TEST((known->get() == row.knownAfter));
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(token_api_choice)

BOOST_AUTO_TEST_CASE(of_an_unknown_control_plane_v2_is_asked_first_and_v1_when_v2_is_absent) {
    for (Row const& row : {
             Row{"v2 grants", nothing, {grantedV2}, "v2", Outcome::token, v2},
             Row{"v2 is 404", nothing, {status(404), grantedV1}, "v2 v1", Outcome::token, v1},
             Row{"v2 is 405", nothing, {status(405), grantedV1}, "v2 v1", Outcome::token, v1},
             Row{"v2 is 501", nothing, {status(501), grantedV1}, "v2 v1", Outcome::token, v1},
             Row{"v2 redirects", nothing, {redirect, grantedV1}, "v2 v1", Outcome::token, v1},
             Row{"v2 is a page with 200", nothing, {page200, grantedV1}, "v2 v1", Outcome::token, v1},
             Row{"v2 is a page with 401", nothing, {page401, grantedV1}, "v2 v1", Outcome::token, v1},
             Row{"v2 wants a bearer", nothing, {envelope401, grantedV1}, "v2 v1", Outcome::token, v1},
             Row{"v2 is an empty 400", nothing, {status(400), grantedV1}, "v2 v1", Outcome::token, v1},
             Row{"v1 refuses", nothing, {status(404), refusedV1}, "v2 v1", Outcome::rejected, nothing},
             Row{"v1 is throttled", nothing, {status(404), status(429)}, "v2 v1", Outcome::throttled, nothing},
             Row{"v1 is in trouble", nothing, {status(404), status(503)}, "v2 v1", Outcome::unavailable, nothing},
             Row{"v1 is absent too", nothing, {status(404), status(404)}, "v2 v1", Outcome::badReply, nothing},
             Row{"both redirect", nothing, {redirect, redirect}, "v2 v1", Outcome::badReply, nothing},
             Row{"both are pages", nothing, {page200, page200}, "v2 v1", Outcome::badReply, nothing},
         }) {
        check(row, clientEnvironment(), Grant::clientCredentials);
    }
}

BOOST_AUTO_TEST_CASE(throttling_and_trouble_decide_nothing) {
    for (int const number : {500, 502, 503, 504}) {
        check({"trouble", nothing, {status(number)}, "v2", Outcome::unavailable, nothing}, clientEnvironment(),
              Grant::clientCredentials);
        check({"trouble of a known v1", v1, {status(number)}, "v1", Outcome::unavailable, v1}, clientEnvironment(),
              Grant::clientCredentials);
    }
    check({"throttled", nothing, {status(429)}, "v2", Outcome::throttled, nothing}, clientEnvironment(),
          Grant::clientCredentials);
    check({"throttled v2", v2, {status(429)}, "v2", Outcome::throttled, v2}, clientEnvironment(),
          Grant::clientCredentials);
}

BOOST_AUTO_TEST_CASE(a_secret_that_v2_refused_is_never_sent_to_v1) {
    for (std::string const error : {"invalid_client", "invalid_grant", "unauthorized_client"}) {
        for (int const number : {400, 401, 403}) {
            check(
                {"refused", nothing, {jsonReply(number, R"({"error":")" + error + "\"}")}, "v2", Outcome::rejected, v2},
                clientEnvironment(), Grant::clientCredentials);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_reply_that_v2_alone_can_give_settles_the_login) {
    for (Row const& row : {
             Row{"invalid_request",
                 nothing,
                 {jsonReply(400, R"({"error":"invalid_request"})")},
                 "v2",
                 Outcome::badReply,
                 nothing},
             Row{"no token", nothing, {jsonReply(200, "{}")}, "v2", Outcome::badReply, nothing},
             Row{"no JSON", nothing, {status(200)}, "v2", Outcome::badReply, nothing},
             Row{"a gateway's 403", nothing, {page403}, "v2", Outcome::badReply, nothing},
             Row{"415", nothing, {status(415)}, "v2", Outcome::badReply, nothing},
         }) {
        check(row, clientEnvironment(), Grant::clientCredentials);
    }
}

BOOST_AUTO_TEST_CASE(what_worked_is_asked_first_and_looked_for_once_more_when_it_is_gone) {
    for (Row const& row : {
             Row{"known v1", v1, {grantedV1}, "v1", Outcome::token, v1},
             Row{"known v2", v2, {grantedV2}, "v2", Outcome::token, v2},
             Row{"v1 is gone", v1, {status(404), grantedV2}, "v1 v2", Outcome::token, v2},
             Row{"v2 is gone", v2, {status(404), grantedV1}, "v2 v1", Outcome::token, v1},
             Row{"v1 is gone, v2 refuses", v1, {status(404), refusedV2}, "v1 v2", Outcome::rejected, v2},
             Row{"both are gone", v1, {status(404), status(404)}, "v1 v2", Outcome::badReply, nothing},
             Row{"known v1 refuses", v1, {refusedV1}, "v1", Outcome::rejected, v1},
             Row{"a page before known v2", v2, {page200}, "v2", Outcome::badReply, v2},
             Row{"a page with 401 before known v2", v2, {page401}, "v2", Outcome::badReply, v2},
             Row{"a redirect before known v2", v2, {redirect}, "v2", Outcome::badReply, v2},
             Row{"a page before known v1", v1, {page200}, "v1", Outcome::badReply, v1},
             Row{"a redirect before known v1", v1, {redirect}, "v1", Outcome::badReply, v1},
         }) {
        check(row, clientEnvironment(), Grant::clientCredentials);
    }
}

BOOST_AUTO_TEST_CASE(an_unsupported_grant_is_tried_on_the_other_api) {
    for (Row const& row : {
             Row{"v1 has it", nothing, {unsupportedV2, grantedV1}, "v2 v1", Outcome::token, v1},
             Row{"v2 has it", v1, {unsupportedV1, grantedV2}, "v1 v2", Outcome::token, v2},
             Row{"neither has it", nothing, {unsupportedV2, unsupportedV1}, "v2 v1", Outcome::misconfigured, nothing},
             Row{"v1 is absent", nothing, {unsupportedV2, status(404)}, "v2 v1", Outcome::misconfigured, nothing},
             Row{"v2 is absent", nothing, {status(404), unsupportedV1}, "v2 v1", Outcome::misconfigured, nothing},
             Row{"v1 is in trouble", nothing, {unsupportedV2, status(503)}, "v2 v1", Outcome::unavailable, nothing},
         }) {
        check(row, clientEnvironment(), Grant::clientCredentials);
    }
}

BOOST_AUTO_TEST_CASE(a_configured_api_is_the_only_one_asked) {
    Environment const onlyV1 = with(clientEnvironment(), "RUNAI_TOKEN_API", "v1");
    Environment const onlyV2 = with(clientEnvironment(), "RUNAI_TOKEN_API", "v2");
    check({"v1 grants", v2, {grantedV1}, "v1", Outcome::token, v1}, onlyV1, Grant::clientCredentials);
    check({"v1 is absent", nothing, {status(404)}, "v1", Outcome::badReply, nothing}, onlyV1, Grant::clientCredentials);
    check({"v1 knows no such grant", nothing, {unsupportedV1}, "v1", Outcome::misconfigured, nothing}, onlyV1,
          Grant::clientCredentials);
    check({"v2 grants", v1, {grantedV2}, "v2", Outcome::token, v2}, onlyV2, Grant::clientCredentials);
    check({"v2 is absent", nothing, {status(404)}, "v2", Outcome::badReply, nothing}, onlyV2, Grant::clientCredentials);
    check({"v2 wants a bearer", nothing, {envelope401}, "v2", Outcome::badReply, nothing}, onlyV2,
          Grant::clientCredentials);
    check({"v2 knows no such grant", nothing, {unsupportedV2}, "v2", Outcome::misconfigured, nothing}, onlyV2,
          Grant::clientCredentials);
}

BOOST_AUTO_TEST_CASE(an_app_token_is_asked_of_v1_alone) {
    for (Row const& row : {
             Row{"v1 grants", nothing, {grantedV1}, "v1", Outcome::token, v1},
             Row{"v1 refuses", nothing, {refusedV1}, "v1", Outcome::rejected, nothing},
             Row{"v1 does not know it", nothing, {unsupportedV1}, "v1", Outcome::misconfigured, nothing},
             Row{"v1 is absent", nothing, {status(404)}, "v1", Outcome::badReply, nothing},
         }) {
        check(row, appEnvironment(), Grant::appToken);
        check(row, with(appEnvironment(), "RUNAI_TOKEN_API", "v1"), Grant::appToken);
    }
}

BOOST_AUTO_TEST_CASE(an_app_token_over_v2_is_a_contradiction) {
    BOOST_CHECK_EXCEPTION(LoginFixture(with(appEnvironment(), "RUNAI_TOKEN_API", "v2")), httptest::Misconfigured,
                          [](httptest::Misconfigured const& error) {
                              return contains(error.what(), "RUNAI_TOKEN_API") &&
                                     contains(error.what(), "RUNAI_APP_ID");
                          });
}

BOOST_AUTO_TEST_CASE(the_choice_is_remembered_from_one_login_to_the_next) {
    LoginFixture fixture;
    fixture.transport.reply(status(404)).reply(grantedV1).reply(grantedV1).reply(status(404)).reply(grantedV2);
    BOOST_TEST(fixture.login().token.accessToken.reveal() == "from-v1");
    BOOST_TEST(fixture.login().token.accessToken.reveal() == "from-v1");
    BOOST_TEST(fixture.login().token.accessToken.reveal() == "from-v2");
    BOOST_TEST(fixture.asked() == "v2 v1 v1 v1 v2");
}

BOOST_AUTO_TEST_CASE(identities_share_what_is_known_of_a_control_plane_and_grant) {
    runai::TokenApiMemory memory;
    auto const url = httptest::Url::parse("https://cp.example/");
    memory.of(url, Grant::clientCredentials)->set(v1);
    BOOST_TEST((memory.of(httptest::Url::parse("https://CP.example:443"), Grant::clientCredentials)->get() == v1));
    BOOST_TEST((memory.of(url, Grant::appToken)->get() == nothing));
    BOOST_TEST(
        (memory.of(httptest::Url::parse("https://cp.example/other"), Grant::clientCredentials)->get() == nothing));
    BOOST_TEST((memory.of(httptest::Url::parse("https://other.example"), Grant::clientCredentials)->get() == nothing));
}

BOOST_AUTO_TEST_CASE(a_failure_of_the_transport_ends_the_login_and_decides_nothing) {
    LoginFixture fixture;
    fixture.transport.fail<httptest::ConnectFailed>(httptest::Phase::connect, "refused").reply(grantedV2);
    BOOST_TEST(fixture.login().outcome == Outcome::transport);
    BOOST_TEST(fixture.login().outcome == Outcome::token);
    BOOST_TEST(fixture.asked() == "v2 v2");
}

BOOST_AUTO_TEST_SUITE_END()
