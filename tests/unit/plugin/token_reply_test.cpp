#include "token_api_v1.hpp"
#include "token_api_v2.hpp"

#include <httptest/clock.hpp>
#include <httptest/http_date.hpp>
#include <httptest/testing/scripted_transport.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

using namespace std::chrono_literals;
using httptest::testing::jsonReply;
using runai::LoginReply;
using Kind = LoginReply::Kind;

namespace {

LoginReply readV1(httptest::Response const& response) {
    return runai::TokenApiV1().read(response, httptest::WallTime{});
}

LoginReply readV2(httptest::Response const& response) {
    return runai::TokenApiV2().read(response, httptest::WallTime{});
}

std::string const tenYears = "expires_in is no number of seconds from 0 to 315360000 (10 years)";

} // namespace

BOOST_AUTO_TEST_SUITE(token_reply)

BOOST_AUTO_TEST_CASE(v2_reads_token_lifetime_and_date) {
    LoginReply const reply = readV2(
        jsonReply(200, R"({"access_token":"abc.def","token_type":"Bearer","expires_in":3600,"refresh_token":"r"})",
                  {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}}));
    BOOST_TEST((reply.kind == Kind::token));
    BOOST_TEST(reply.token.accessToken.reveal() == "abc.def");
    BOOST_TEST((reply.token.expiresIn == 3600s));
    BOOST_TEST((reply.token.serverTime == httptest::parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT")));
}

BOOST_AUTO_TEST_CASE(v1_reads_a_token_alone) {
    LoginReply const reply = readV1(jsonReply(200, R"({"accessToken":"abc.def"})"));
    BOOST_TEST((reply.kind == Kind::token));
    BOOST_TEST(reply.token.accessToken.reveal() == "abc.def");
    BOOST_TEST(!reply.token.expiresIn.has_value());
    BOOST_TEST(!reply.token.serverTime.has_value());
}

BOOST_AUTO_TEST_CASE(v1_reads_a_lifetime_where_there_is_one) {
    BOOST_TEST((readV1(jsonReply(200, R"({"accessToken":"t","expiresIn":60})")).token.expiresIn == 60s));
}

BOOST_AUTO_TEST_CASE(a_refresh_token_is_read_and_a_malformed_one_counts_as_none) {
    BOOST_TEST(readV2(jsonReply(200, R"({"access_token":"t","refresh_token":"r"})")).token.refreshToken.reveal() ==
               "r");
    BOOST_TEST(readV1(jsonReply(200, R"({"accessToken":"t","refreshToken":"r"})")).token.refreshToken.reveal() == "r");
    for (char const* malformed : {"17", "null", "\"\"", "[\"r\"]", "\"a b\"", "\"a\\u0000b\""}) {
        auto const reply =
            readV2(jsonReply(200, std::string(R"({"access_token":"t","refresh_token":)") + malformed + "}"));
        BOOST_TEST((reply.kind == runai::LoginReply::Kind::token), malformed);
        BOOST_TEST(reply.token.refreshToken.empty(), malformed);
    }
}

BOOST_AUTO_TEST_CASE(a_lifetime_is_read_generously_or_not_at_all) {
    struct Row {
        std::string json;
        std::optional<std::chrono::seconds> lifetime;
        bool bad = false;
    };
    for (Row const& row : {
             Row{"1", 1s},
             Row{"3600", 3600s},
             Row{"3600.0", 3600s},
             Row{R"("3600")", 3600s},
             Row{"315360000", 315360000s},
             Row{"0", {}},
             Row{"0.0", {}},
             Row{"-0", {}},
             Row{R"("0")", {}},
             Row{"null", {}},
             Row{"315360001", {}, true},
             Row{"-1", {}, true},
             Row{"3600.5", {}, true},
             Row{"-0.5", {}, true},
             Row{"9223372036854775808", {}, true},
             Row{"18446744073709551616", {}, true},
             Row{"1e300", {}, true},
             Row{R"("soon")", {}, true},
             Row{R"("")", {}, true},
             Row{R"("315360001")", {}, true},
             Row{R"("-1")", {}, true},
             Row{R"("3600s")", {}, true},
             Row{R"(" 3600")", {}, true},
             Row{R"("99999999999999999999")", {}, true},
             Row{"true", {}, true},
             Row{"[3600]", {}, true},
             Row{"{}", {}, true},
         }) {
        BOOST_TEST_CONTEXT("expires_in: " << row.json) {
            LoginReply const reply = readV2(jsonReply(200, R"({"access_token":"t","expires_in":)" + row.json + "}"));
            BOOST_TEST((reply.kind == (row.bad ? Kind::bad : Kind::token)));
            BOOST_TEST((reply.token.expiresIn == row.lifetime));
            BOOST_TEST((!row.bad || reply.what == tenYears));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_success_that_is_none_says_what_is_wrong) {
    struct Row {
        std::string body;
        std::string what;
    };
    std::string const white = "access_token holds white space, control characters or non-ASCII text";
    for (Row const& row : {
             Row{"", "the reply (status 200) is empty"},
             Row{"OK", "the reply (status 200) is no JSON"},
             Row{R"({"access_token":"abc)", "the reply (status 200) is JSON that is cut short"},
             Row{R"(["access_token","t"])", "the reply (status 200) is JSON, but no object"},
             Row{R"({"access_token":"t","expires_in":1e999})",
                 "the reply (status 200) is JSON with a number out of range, at or below 'expires_in'"},
             Row{R"({"access_token":"t","x":)" + std::string(500, '['),
                 "the reply (status 200) is JSON nested deeper than 128 levels"},
             Row{R"({"access_token":")" + std::string(std::size_t{1024} * 1024, 'x') + "\"}",
                 "the reply (status 200) is larger than 1 MiB"},
             Row{"{}", "the reply has no access_token"},
             Row{R"({"accessToken":"t"})", "the reply has no access_token"},
             Row{R"({"access_token":null})", "access_token is no text"},
             Row{R"({"access_token":17})", "access_token is no text"},
             Row{R"({"access_token":{"value":"t"}})", "access_token is no text"},
             Row{R"({"error":"invalid_client"})", "the reply has no access_token"},
             Row{R"({"access_token":""})", "access_token is empty"},
             Row{R"({"access_token":"a\r\nX-Evil: 1"})", white},
             Row{R"({"access_token":"a\nb"})", white},
             Row{R"({"access_token":"a b"})", white},
             Row{R"({"access_token":"a\u0000b"})", white},
             Row{R"({"access_token":"a\u007fb"})", white},
             Row{R"({"access_token":"aäb"})", white},
             Row{R"({"access_token":")" + std::string(std::size_t{64} * 1024 + 1, 'x') + "\"}",
                 "access_token is longer than 64 kB"},
             Row{R"({"access_token":"t","token_type":"mac"})", "token_type is not bearer"},
             Row{R"({"access_token":"t","token_type":""})", "token_type is not bearer"},
             Row{R"({"access_token":"t","token_type":1})", "token_type is not bearer"},
         }) {
        BOOST_TEST_CONTEXT(row.body.substr(0, 60)) {
            LoginReply const reply = readV2(jsonReply(200, row.body));
            BOOST_TEST((reply.kind == Kind::bad));
            BOOST_TEST(reply.what == row.what);
            BOOST_TEST(reply.token.accessToken.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(the_longest_token_is_still_taken) {
    BOOST_TEST(
        (readV2(jsonReply(200, R"({"access_token":")" + std::string(std::size_t{64} * 1024, 'x') + "\"}")).kind ==
         Kind::token));
}

BOOST_AUTO_TEST_CASE(bearer_is_recognised_in_any_case_and_assumed_when_absent) {
    for (std::string const type : {R"("bearer")", R"("Bearer")", R"("BEARER")", "null"}) {
        BOOST_TEST((readV2(jsonReply(200, R"({"access_token":"t","token_type":)" + type + "}")).kind == Kind::token));
    }
    BOOST_TEST((readV2(jsonReply(200, R"({"access_token":"t"})")).kind == Kind::token));
}

BOOST_AUTO_TEST_CASE(json_counts_as_json_whatever_the_content_type_says) {
    BOOST_TEST((readV2(httptest::testing::reply(200, "text/html", R"({"access_token":"t"})")).kind == Kind::token));
}

BOOST_AUTO_TEST_CASE(a_page_is_named_by_its_title) {
    struct Row {
        std::string contentType;
        std::string body;
        std::string what;
    };
    for (Row const& row : {
             Row{"text/html; charset=utf-8", "<html><head><title>Sign in</title>", "(status 200, title 'Sign in')"},
             Row{"application/octet-stream", "\n<!DOCTYPE HTML><TITLE lang=en>\n Sign\x1B in </TITLE>",
                 "(status 200, title 'Sign in')"},
             Row{"", "<HTML>", "(status 200)"},
             Row{"text/html", "", "(status 200)"},
             Row{"text/html", "<title>never closed", "(status 200, title 'never closed')"},
             Row{"text/html", "<title>" + std::string(100, 'w') + "</title>",
                 "(status 200, title '" + std::string(80, 'w') + "…')"},
         }) {
        BOOST_TEST_CONTEXT(row.body) {
            LoginReply const reply = readV2(httptest::testing::reply(200, row.contentType, row.body));
            BOOST_TEST((reply.kind == Kind::notThisApi));
            BOOST_TEST(reply.what == "an HTML page answered " + row.what);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_status_decides_before_the_body) {
    struct Row {
        int status;
        Kind kind;
    };
    for (Row const& row :
         {Row{404, Kind::noSuchEndpoint}, Row{405, Kind::noSuchEndpoint}, Row{501, Kind::noSuchEndpoint},
          Row{429, Kind::throttled}, Row{500, Kind::unavailable}, Row{502, Kind::unavailable},
          Row{503, Kind::unavailable}, Row{504, Kind::unavailable}, Row{302, Kind::notThisApi}}) {
        for (std::string const body : {R"({"error":"invalid_client"})", R"({"code":401,"message":"no"})",
                                       R"({"access_token":"t","accessToken":"t"})", "<html>", ""}) {
            BOOST_TEST_CONTEXT(row.status << " " << body) {
                BOOST_TEST((readV1(jsonReply(row.status, body)).kind == row.kind));
                BOOST_TEST((readV2(jsonReply(row.status, body)).kind == row.kind));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_pause_that_is_asked_for_is_read) {
    for (int const status : {429, 503}) {
        BOOST_TEST((readV2(jsonReply(status, "", {{"Retry-After", "7"}})).retryAfter == httptest::RetryAfter(7s)));
        BOOST_TEST((readV1(jsonReply(status, "",
                                     {{"Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"},
                                      {"Date", "Sun, 06 Nov 1994 08:49:17 GMT"}}))
                        .retryAfter == httptest::RetryAfter(20s)));
        BOOST_TEST(!readV2(jsonReply(status, "")).retryAfter.has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_redirect_shows_the_origin_of_its_target_alone) {
    struct Row {
        std::string location;
        std::string target;
    };
    for (Row const& row : {
             Row{"https://sso.example/login?state=secret#x", "https://sso.example"},
             Row{"//sso.example:8443/x", "https://sso.example:8443"},
             Row{"/login?token=abc", "another path of the same origin"},
             Row{"https://user:pass@sso.example/", "something that is no absolute URL"},
             Row{"javascript:alert(1)", "something that is no absolute URL"},
         }) {
        LoginReply const reply = readV1(jsonReply(302, "", {{"Location", row.location}}));
        BOOST_TEST(reply.what == "a redirect (status 302) to " + row.target);
    }
    BOOST_TEST(readV1(jsonReply(308, "")).what == "a redirect (status 308) to nowhere");
}

BOOST_AUTO_TEST_CASE(refusals_are_told_apart_by_their_documented_form) {
    struct Row {
        std::string body;
        Kind v1;
        Kind v2; ///< For 400 and 401; with 403 `notThisApi` is `bad`.
    };
    for (Row const& row : {
             Row{R"({"error":"invalid_client","error_description":"no"})", Kind::rejected, Kind::rejected},
             Row{R"({"error":"invalid_grant"})", Kind::rejected, Kind::rejected},
             Row{R"({"error":"unauthorized_client"})", Kind::rejected, Kind::rejected},
             Row{R"({"error":"unsupported_grant_type"})", Kind::unsupportedGrant, Kind::unsupportedGrant},
             Row{R"({"error":"invalid_request"})", Kind::otherError, Kind::otherError},
             Row{R"({"error":"invalid_scope"})", Kind::otherError, Kind::otherError},
             Row{R"({"code":401,"message":"Issuer is not familiar."})", Kind::rejected, Kind::notThisApi},
             Row{R"({"code":400,"message":"Unsupported grant type: x"})", Kind::unsupportedGrant, Kind::notThisApi},
             Row{R"({"code":400,"message":"grantType must be one of …"})", Kind::unsupportedGrant, Kind::notThisApi},
             Row{R"({"code":"401","message":"text code"})", Kind::bad, Kind::notThisApi},
             Row{R"({"code":401})", Kind::bad, Kind::notThisApi},
             Row{R"({"message":"no"})", Kind::bad, Kind::notThisApi},
             Row{R"({"status":401,"error":"Unauthorized","path":"/api/v2/token"})", Kind::bad, Kind::notThisApi},
             Row{R"({"statusCode":400,"error":"Bad Request","message":"x"})", Kind::bad, Kind::notThisApi},
             Row{R"({"error":{"code":"invalid_client"}})", Kind::bad, Kind::notThisApi},
             Row{R"({"error":"invalid_client)", Kind::bad, Kind::notThisApi},
             Row{R"({"code":401,"message":"cut)", Kind::bad, Kind::notThisApi},
             Row{R"(["invalid_client"])", Kind::bad, Kind::notThisApi},
             Row{"<html><title>403 Forbidden</title>", Kind::bad, Kind::notThisApi},
             Row{"", Kind::bad, Kind::notThisApi},
         }) {
        for (int const status : {400, 401, 403}) {
            BOOST_TEST_CONTEXT(status << " " << row.body) {
                BOOST_TEST((readV1(jsonReply(status, row.body)).kind == row.v1));
                bool const gateway = status == 403 && row.v2 == Kind::notThisApi;
                BOOST_TEST((readV2(jsonReply(status, row.body)).kind == (gateway ? Kind::bad : row.v2)));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_is_quoted_clean_and_short) {
    LoginReply const reply = readV2(jsonReply(
        401, R"({"error":"invalid_client","error_description":"line\r\n\u001b[31m)" + std::string(300, 'w') + "\"}"));
    BOOST_TEST(reply.what == "invalid_client");
    BOOST_TEST(reply.said == "line [31m" + std::string(191, 'w') + "…");
}

BOOST_AUTO_TEST_CASE(an_encoded_body_is_called_so) {
    LoginReply const reply = readV2(jsonReply(200, "\x1f\x8b\x08", {{"Content-Encoding", "gzip"}}));
    BOOST_TEST((reply.kind == Kind::bad));
    BOOST_TEST(reply.what == "the reply (status 200) is encoded (gzip), which was not asked for");
    BOOST_TEST(readV2(jsonReply(200, "x", {{"Content-Encoding", "identity"}})).what ==
               "the reply (status 200) is no JSON");
}

BOOST_AUTO_TEST_CASE(other_statuses_are_no_token_reply) {
    for (int const status : {402, 406, 408, 410, 415, 422}) {
        BOOST_TEST((readV1(jsonReply(status, R"({"code":1,"message":"x"})")).kind == Kind::bad));
        BOOST_TEST((readV2(jsonReply(status, R"({"error":"invalid_client"})")).kind == Kind::bad));
    }
}

BOOST_AUTO_TEST_SUITE_END()
