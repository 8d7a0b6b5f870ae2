#include "login_fixture.hpp"
#include "token_api_v1.hpp"
#include "token_api_v2.hpp"

#include <httptest/request.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace std::string_view_literals;
using namespace runai::testing;
using runai::ApiVersion;
using runai::Grant;
using runai::Login;

namespace {

/// Method, path, headers in order and body.
std::string asText(httptest::Request const& request) {
    std::string text = request.method + " " + request.url.text() + "\n";
    for (auto const& field : request.headers) {
        text += field.name + ": " + field.value + "\n";
    }
    return text + "\n" + request.body;
}

httptest::Request request(runai::TokenApi const& api, ApiVersion version, Login const& login) {
    return api.request(runai::tokenEndpoint(httptest::Url::parse("https://cp.example"), version), login);
}

std::string v1Request(Login const& login) {
    return asText(request(runai::TokenApiV1(), ApiVersion::v1, login));
}

std::string v2Request(Login const& login) {
    return asText(request(runai::TokenApiV2(), ApiVersion::v2, login));
}

} // namespace

BOOST_AUTO_TEST_SUITE(login_request)

BOOST_AUTO_TEST_CASE(v1_sends_client_credentials_as_documented) {
    BOOST_TEST(v1Request({Grant::clientCredentials, "ci-bot", "s3cret"}) ==
               "POST https://cp.example/api/v1/token\n"
               "Accept: */*\n"
               "Content-Type: application/json\n"
               "\n"
               R"({"grantType":"client_credentials","clientId":"ci-bot","clientSecret":"s3cret"})");
}

BOOST_AUTO_TEST_CASE(v1_sends_an_app_token_as_documented) {
    BOOST_TEST(v1Request({Grant::appToken, "ci-app", "s3cret"}) ==
               "POST https://cp.example/api/v1/token\n"
               "Accept: */*\n"
               "Content-Type: application/json\n"
               "\n"
               R"({"grantType":"app_token","AppId":"ci-app","AppSecret":"s3cret"})");
}

BOOST_AUTO_TEST_CASE(v2_sends_client_credentials_as_documented) {
    BOOST_TEST(v2Request({Grant::clientCredentials, "ci-bot", "s3cret"}) ==
               "POST https://cp.example/api/v2/token\n"
               "Content-Type: application/x-www-form-urlencoded\n"
               "Accept: application/json\n"
               "\n"
               "grant_type=client_credentials&client_id=ci-bot&client_secret=s3cret");
}

BOOST_AUTO_TEST_CASE(v1_sends_the_other_grants_as_documented) {
    struct Row {
        Login login;
        char const* body;
    };
    for (Row const& row : {
             Row{{Grant::externalToken, "not sent", "a.b.c"},
                 R"({"grantType":"external_token_exchange","externalToken":"a.b.c"})"},
             Row{{Grant::password, "jo@x", "s3cret"},
                 R"({"grantType":"password","username":"jo@x","password":"s3cret"})"},
             Row{{Grant::password, "jo@x", "s3cret", "web"},
                 R"({"grantType":"password","username":"jo@x","password":"s3cret","clientId":"web"})"},
             Row{{Grant::refreshToken, "", "r"}, R"({"grantType":"refresh_token","refreshToken":"r"})"},
             Row{{Grant::refreshToken, "", "r", "web"},
                 R"({"grantType":"refresh_token","refreshToken":"r","clientId":"web"})"},
         }) {
        BOOST_TEST(request(runai::TokenApiV1(), ApiVersion::v1, row.login).body == row.body);
    }
}

BOOST_AUTO_TEST_CASE(v2_sends_the_other_grants_as_documented) {
    struct Row {
        Login login;
        char const* body;
    };
    for (Row const& row : {
             Row{{Grant::externalToken, "not sent", "a.b.c"},
                 "grant_type=external_token_exchange&external_token=a.b.c"},
             Row{{Grant::password, "jo@x", "s3 cret"}, "grant_type=password&username=jo%40x&password=s3+cret"},
             Row{{Grant::password, "jo@x", "s3cret", "w&b"},
                 "grant_type=password&username=jo%40x&password=s3cret&client_id=w%26b"},
             Row{{Grant::refreshToken, "", "r+"}, "grant_type=refresh_token&refresh_token=r%2B"},
             Row{{Grant::refreshToken, "", "r", "web"}, "grant_type=refresh_token&refresh_token=r&client_id=web"},
         }) {
        BOOST_TEST(request(runai::TokenApiV2(), ApiVersion::v2, row.login).body == row.body);
    }
}

BOOST_AUTO_TEST_CASE(v1_escapes_what_json_cannot_hold) {
    BOOST_TEST(contains(v1Request({Grant::clientCredentials, "a\"b", "\\ \x01\n\x1F/\xC3\xA4"}),
                        R"("clientId":"a\"b","clientSecret":"\\ \u0001\u000a\u001f/ä")"));
}

BOOST_AUTO_TEST_CASE(v2_encodes_what_a_form_cannot_hold) {
    BOOST_TEST(contains(v2Request({Grant::clientCredentials, "a b&c=d", "+/%ä\""}),
                        "client_id=a+b%26c%3Dd&client_secret=%2B%2F%25%C3%A4%22"));
}

BOOST_AUTO_TEST_CASE(the_endpoint_stands_below_the_path_of_the_base_url) {
    struct Row {
        std::string base;
        std::string endpoint;
    };
    for (Row const& row : {
             Row{"https://cp.example", "https://cp.example/api/v2/token"},
             Row{"https://cp.example/", "https://cp.example/api/v2/token"},
             Row{"https://cp.example:8443/runai", "https://cp.example:8443/runai/api/v2/token"},
             Row{"https://cp.example/a/b//", "https://cp.example/a/b/api/v2/token"},
             Row{"http://[::1]:8080/?x=/y", "http://[::1]:8080/api/v2/token"},
         }) {
        BOOST_TEST(runai::tokenEndpoint(httptest::Url::parse(row.base), ApiVersion::v2).text() == row.endpoint);
    }
}

BOOST_AUTO_TEST_CASE(a_login_sends_these_bytes_and_no_others) {
    LoginFixture fixture(with(clientEnvironment(), "RUNAI_BASE_URL", "https://cp.example/runai/"));
    fixture.transport.reply(httptest::testing::reply(404, "text/plain", ""))
        .reply(httptest::testing::jsonReply(200, R"({"accessToken":"t"})"));
    BOOST_TEST(fixture.login().outcome == Outcome::token);
    auto const requests = fixture.transport.requests();
    BOOST_REQUIRE(requests.size() == 2U);
    BOOST_TEST(asText(requests[0]) ==
               "POST https://cp.example/runai/api/v2/token\n"
               "Content-Type: application/x-www-form-urlencoded\n"
               "Accept: application/json\n"
               "\n"
               "grant_type=client_credentials&client_id=ci-bot&client_secret="
               "q7Zp%2B%2F%3D%26%22%5C%25k%C3%A4+s3Xw91LmT0");
    BOOST_TEST(asText(requests[1]) ==
               "POST https://cp.example/runai/api/v1/token\n"
               "Accept: */*\n"
               "Content-Type: application/json\n"
               "\n"
               R"({"grantType":"client_credentials","clientId":"ci-bot","clientSecret":"q7Zp+/=&\"\\%kä s3Xw91LmT0"})");
}

BOOST_AUTO_TEST_SUITE_END()
