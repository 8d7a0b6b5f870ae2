#include "support/base64.hpp"
#include "support/contains.hpp"
#include "support/spellings.hpp"

#include <httptest/redactor.hpp>
#include <httptest/secret.hpp>
#include <httptest/url.hpp>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using httptest::keepOutOfOutput;
using httptest::redacted;
using httptest::testing::inHtml;
using httptest::testing::inJson;
using httptest::testing::spellingsOf;
using httptest::testing::survives;

std::string const mark(httptest::redactedMark);

} // namespace

BOOST_AUTO_TEST_SUITE(redactor)

BOOST_AUTO_TEST_CASE(every_form_of_a_registered_secret_is_replaced) {
    for (std::string const secret :
         {"plain-secret-1234", "with space+plus/slash=?&", "quote\"back\\slash<tag>'", "tab\tnewline\nbell\007end",
          "percent%41%zz%25done", "\\\\starts and ends\\\\", "gr\xC3\xBC\xC3\x9F\145 \xF0\x9F\x98\x80 secret",
          " leading space", "%startpercent", "eight888", "ends in plus++"}) {
        keepOutOfOutput(secret);
        for (std::string const& form : spellingsOf(secret)) {
            BOOST_TEST_CONTEXT(form) {
                std::string const output = redacted("{" + form + "}");
                BOOST_TEST(contains(output, mark));
                BOOST_TEST(!survives(form, output), output);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(no_form_of_a_random_secret_survives_in_random_text) {
    std::mt19937 random(20260101); // NOLINT(cert-msc51-cpp): the same cases each time
    auto const pick = [&](std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
    };
    std::string_view const alphabet = "abcXYZ0189-._~ +/=%&?\"\\'<>{}[]:;,@!$#\n\t";
    auto const text = [&](std::size_t length) {
        std::string result;
        for (std::size_t i = 0; i < length; ++i) {
            result.push_back(alphabet[pick(alphabet.size())]);
        }
        return result;
    };
    for (int round = 0; round < 60; ++round) {
        std::string const secret = text(12 + pick(40));
        keepOutOfOutput(secret, httptest::BootClock::now() + std::chrono::hours(1));
        for (std::string const& form : spellingsOf(secret)) {
            std::string const output = redacted(text(pick(60)) + form + text(pick(60)) + form);
            BOOST_TEST(!survives(form, output), secret << " as " << form << " in " << output);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_secret_of_unicode_escapes_alone_is_replaced) {
    keepOutOfOutput("back\\slash-\xC3\xA4");
    std::string const form = R"(\u0062\u0061\u0063\u006b\u005C\u0073\u006c\u0061\u0073\u0068\u002d\u00e4)";
    BOOST_TEST(redacted("<" + form + ">") == "<" + mark + ">");
    BOOST_TEST(redacted(nlohmann::json(form).dump()) == "\"" + mark + "\"");
    keepOutOfOutput(form); // itself a secret
    BOOST_TEST(redacted("<" + form + ">") == "<" + mark + ">");
}

BOOST_AUTO_TEST_CASE(a_secret_that_the_end_of_a_text_cuts_is_replaced_from_twelve_characters_on) {
    std::string const secret = "cut+off \"secret\" with/a long & tail";
    keepOutOfOutput(secret);
    for (std::string const& form : {secret, httptest::percentEncode(secret), httptest::formEncode(secret),
                                    inJson(secret), inHtml(secret, true), base64(secret)}) {
        // From twelve characters of the secret in all forms, to where base64 no longer depends on the secret alone.
        for (std::size_t length = 24; length + 2 < form.size(); ++length) {
            BOOST_TEST(redacted("x: " + form.substr(0, length)) == "x: " + mark, form.substr(0, length));
        }
        BOOST_TEST(redacted("x: " + form.substr(0, 11)) == "x: " + form.substr(0, 11));
    }
}

BOOST_AUTO_TEST_CASE(text_around_secrets_stays) {
    keepOutOfOutput("surrounded-secret");
    BOOST_TEST(redacted("a surrounded-secret, surrounded-secretsurrounded-secret b") ==
               "a " + mark + ", " + mark + mark + " b");
    BOOST_TEST(redacted("surrounded-secre surrounded%2Dsecret") == "surrounded-secre " + mark);
    BOOST_TEST(redacted("").empty());
}

BOOST_AUTO_TEST_CASE(a_secret_within_a_longer_one_leaves_none_of_its_ends) {
    keepOutOfOutput("inner-part");
    keepOutOfOutput("outer-inner-part-outer");
    BOOST_TEST(redacted("<outer-inner-part-outer> <inner-part>") == "<" + mark + "> <" + mark + ">");
}

BOOST_AUTO_TEST_CASE(short_secrets_are_left_to_the_fields_that_hold_them) {
    httptest::Secret const secret("seven77");
    keepOutOfOutput("");
    keepOutOfOutput("a");
    BOOST_TEST(redacted("seven77 a b") == "seven77 a b");
    BOOST_TEST(redacted(R"({"password":"seven77"})") == R"({"password":"[redacted]"})");
}

BOOST_AUTO_TEST_CASE(json_fields_that_hold_credentials_are_emptied) {
    std::vector<std::pair<std::string, std::string>> const rows = {
        {R"({"access_token":"abc","x":1})", R"({"access_token":"[redacted]","x":1})"},
        {R"({"accessToken" : "abc"})", R"({"accessToken" : "[redacted]"})"},
        {R"({"ClientSecret":"a\"b\\","x":"y"})", R"({"ClientSecret":"[redacted]","x":"y"})"},
        {R"({"client-secret":"abc"})", R"({"client-secret":"[redacted]"})"},
        {R"({"password": 12345678, "x": 1})", R"({"password": [redacted], "x": 1})"},
        {R"({"token":null,"secret":true,"password":false})", R"({"token":null,"secret":true,"password":false})"},
        {R"({"secret":{"name":"shown"}})", R"({"secret":{"name":"shown"}})"},
        {R"({"Authorization":["Bearer abc","Basic x]"],"x":[1]})", R"({"Authorization":[[redacted]],"x":[1]})"},
        {R"({"Cookie":"a=b","X-Api-Key":"k"})", R"({"Cookie":"[redacted]","X-Api-Key":"[redacted]"})"},
        {R"({"token":""})", R"({"token":""})"},
        {R"({"refresh_token":"cut off)", R"({"refresh_token":"[redacted])"},
        {R"("{\"password\":\"ab\\\"c\",\"x\":\"y\"}")", R"("{\"password\":\"[redacted]\",\"x\":\"y\"}")"},
        {R"("{\\\"password\\\":\\\"abc\\\",\\\"x\\\":1}")", R"("{\\\"password\\\":\\\"[redacted]\\\",\\\"x\\\":1}")"},
    };
    for (auto const& [text, expected] : rows) {
        BOOST_TEST(redacted(text) == expected);
    }
}

BOOST_AUTO_TEST_CASE(form_fields_and_queries_that_hold_credentials_are_emptied) {
    BOOST_TEST(redacted("grant_type=client_credentials&client_id=ci&client_secret=s3cr%20et&x=y") ==
               "grant_type=client_credentials&client_id=ci&client_secret=[redacted]&x=y");
    BOOST_TEST(redacted("GET /x?access_token=abc HTTP/1.1") == "GET /x?access_token=[redacted] HTTP/1.1");
    BOOST_TEST(redacted("href=\"/x?token=abc\">") == "href=\"/x?token=[redacted]\">");
}

BOOST_AUTO_TEST_CASE(headers_that_hold_credentials_are_emptied_to_the_end_of_their_line) {
    BOOST_TEST(redacted("Host: h\r\nAuthorization: Bearer abc def\r\nX: y") ==
               "Host: h\r\nAuthorization: [redacted]\r\nX: y");
    BOOST_TEST(redacted("  > set-cookie: a=b; Path=/\n") == "  > set-cookie: [redacted]\n");
    BOOST_TEST(redacted("curl -H 'Authorization: Basic abc' x") == "curl -H 'Authorization: [redacted]");
    BOOST_TEST(redacted("proxy-authorization:Basic x") == "proxy-authorization:[redacted]");
    BOOST_TEST(redacted("Authorization:\nX: y") == "Authorization:\nX: y");
    BOOST_TEST(httptest::isSecretHeader("AUTHORIZATION"));
    BOOST_TEST(!httptest::isSecretHeader("Authorization2"));
}

BOOST_AUTO_TEST_CASE(what_is_shaped_like_a_jwt_is_replaced_whoever_issued_it) {
    std::string const header = base64Url(R"({"alg":"none"})");
    std::string const payload = base64Url(R"({"sub":"ci"})");
    BOOST_TEST(redacted("<" + header + "." + payload + ".c2ln>") == "<[redacted]>");
    BOOST_TEST(redacted("<" + header + "." + payload + ".>") == "<[redacted]>");
    BOOST_TEST(redacted("<" + header + "." + payload + ">") == "<[redacted]>");
    BOOST_TEST(redacted("<" + header + ".a2V5." + payload + ".Y2lwaGVy.dGFn>") == "<" + mark + ">");
    BOOST_TEST(redacted("prefix_" + header + "." + payload + ".c2ln, x") == "prefix_[redacted], x");
    BOOST_TEST(redacted("\"" + header + "." + payload + ".c2ln\\n\"") == "\"[redacted]\\n\"");
}

BOOST_AUTO_TEST_CASE(ordinary_text_stays_as_it_is) {
    for (std::string const text : {"RUNAI_TOKEN_API=auto",
                                   "token_api = auto",
                                   "state 'token: fresh'",
                                   "token fresh, age 3.0 s",
                                   "the token was refused",
                                   "expected status 200, got 401",
                                   "check RUNAI_CLIENT_SECRET",
                                   "identity 'default', client_credentials of 'ci'",
                                   R"({"token_type":"bearer","expires_in":3600,"secretName":"x"})",
                                   R"({"tokens":[1]})",
                                   "eyJ",
                                   "eyJ.x",
                                   "eyJustAWord",
                                   "password",
                                   "\"password\" is required",
                                   "\"token\" : ",
                                   "a.b.c",
                                   "www.example.test",
                                   "cookies: none",
                                   "100% + 50 \\ %zz \\u12 \\"}) {
        BOOST_TEST(redacted(text) == text);
    }
}

BOOST_AUTO_TEST_CASE(redacting_twice_is_redacting_once) {
    keepOutOfOutput("twice-redacted-secret");
    std::string const once = redacted(R"(twice-redacted-secret {"password":"x","token":["y"]} token=z&Cookie: q)");
    BOOST_TEST(redacted(once) == once);
}

BOOST_AUTO_TEST_CASE(ended_secrets_are_forgotten_once_they_are_many) {
    auto const name = [](int i) { return "ended-token-number-" + std::to_string(1000 + i); };
    httptest::SteadyTime const now = httptest::BootClock::now();
    httptest::Secret const held(name(0));
    for (int i = 0; i < 200; ++i) {
        httptest::Secret const token(name(i)); // as a login makes one
        keepOutOfOutput(name(i), now - std::chrono::seconds(300 - i));
    }
    keepOutOfOutput(name(900), now + std::chrono::hours(1));
    BOOST_TEST(redacted(name(0)) == mark, "forgotten while a Secret held it");
    BOOST_TEST(redacted(name(1)) == name(1));
    BOOST_TEST(redacted(name(199)) == mark, "the latest are kept for a while");
    BOOST_TEST(redacted(name(900)) == mark);
}

BOOST_AUTO_TEST_CASE(what_was_registered_for_good_is_not_forgotten_for_a_later_end) {
    httptest::SteadyTime const past = httptest::BootClock::now() - std::chrono::hours(1);
    keepOutOfOutput("kept-for-good-secret");
    keepOutOfOutput("kept-for-good-secret", past);
    keepOutOfOutput("prolonged-secret", httptest::BootClock::now() + std::chrono::hours(1));
    keepOutOfOutput("prolonged-secret", past);
    for (int i = 0; i < 200; ++i) {
        keepOutOfOutput("others-that-ended-" + std::to_string(i), past + std::chrono::seconds(1));
    }
    BOOST_TEST(redacted("kept-for-good-secret prolonged-secret") == mark + " " + mark);
}

BOOST_AUTO_TEST_SUITE_END()
