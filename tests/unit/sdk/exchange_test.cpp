#include "session_support.hpp"

#include <httptest/reporter.hpp>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <string>

namespace {

using namespace session_support;
using httptest::ExpectationFailed;

/// Failures are thrown, so that the cases can look at them.
class ThrowingReports : public HarnessOverScript {
public:
    ThrowingReports() : before_(httptest::setReporter(nullptr)) {}
    ~ThrowingReports() { httptest::setReporter(before_); }
    ThrowingReports(ThrowingReports const&) = delete;
    ThrowingReports& operator=(ThrowingReports const&) = delete;

private:
    httptest::Reporter before_;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(exchange, ThrowingReports)

BOOST_AUTO_TEST_CASE(the_text_shows_all_but_the_secrets) {
    httptest::Response response =
        httptest::testing::jsonReply(401, R"({"message":"token )" + tokenOf(1) + R"( is dead","password":"hunter2"})",
                                     {{"Set-Cookie", "sid=hunter2"}, {"X-Trace", "t1"}});
    response.reason = "Unauthorized";
    transport.otherwise([response](auto const&) { return response; });
    script->clock->advance(std::chrono::seconds(1));
    auto const exchange = session()
                              .post("/x?access_token=hunter2")
                              .header("Cookie", "a=hunter2")
                              .body("client_secret=hunter2&x=y", "text/plain")
                              .send();
    script->clock->advance(std::chrono::seconds(3));
    std::string const text = exchange.text();
    for (std::string const& part :
         {std::string("POST https://api.test/x?access_token=[redacted]\n"), std::string("attempt 2"),
          std::string("identity 'default', scripted credentials of 'ci'"), exchange.attachment().fingerprint,
          std::string("> Authorization: [redacted]"), std::string("> Cookie: [redacted]"),
          std::string("client_secret=[redacted]&x=y"), std::string("< 401 Unauthorized"),
          std::string("< Set-Cookie: [redacted]"), std::string("< X-Trace: t1"),
          std::string("token [redacted] is dead"), std::string("\"password\": \"[redacted]\""), std::string("hint: "),
          std::string("2 logins so far"), std::string("sent 2026-01-01T")}) {
        BOOST_TEST(holds(text, part), part << " is not in " << text);
    }
    for (std::string const& secret : {std::string("hunter2"), tokenOf(1), tokenOf(2)}) {
        BOOST_TEST(!holds(text, secret), text);
    }
}

BOOST_AUTO_TEST_CASE(a_tokens_age_and_end_are_those_when_it_was_sent) {
    answer(500);
    session().get("/x").send();
    script->clock->advance(std::chrono::seconds(3));
    answer(500);
    auto const exchange = session().get("/x").send();
    script->clock->advance(std::chrono::minutes(3));
    BOOST_TEST(holds(exchange.text(), "age 3.0 s, ends in 3597.0 s (expires_in)"), exchange.text());
    endHarness();
    BOOST_TEST(holds(exchange.text(), "GET https://api.test/x"));
}

BOOST_AUTO_TEST_CASE(hints_fit_the_status) {
    auto const textFor = [&](int status, char const* type) {
        transport.reply(httptest::testing::reply(status, type, "x"));
        return session().get("/x").send().text();
    };
    BOOST_TEST(holds(textFor(403, "application/json"), "lacks the permission"));
    BOOST_TEST(holds(textFor(502, "text/html"), "gateway"));
    BOOST_TEST(holds(textFor(200, "text/html; charset=utf-8"), "is the base URL the API's address?"));
    BOOST_TEST(!holds(textFor(404, "application/json"), "hint:"));
}

BOOST_AUTO_TEST_CASE(long_bodies_are_cut_and_no_secret_is_cut_in_two) {
    transport.reply(httptest::testing::reply(200, "text/plain", std::string(1024 * 1024, 'b')));
    std::string const text = session().get("/x").send().text();
    BOOST_TEST(text.size() < 8000U);
    BOOST_TEST(holds(text, "(1048576 bytes in all)"));
    for (std::size_t before = 1970; before < 2010; ++before) {
        answer(200, std::string(before, 'b') + tokenOf(1) + " rest");
        BOOST_TEST(!holds(session().get("/x").send().text(), "opaque-s"));
    }
    std::string many;
    while (many.size() < 65 * 1024) {
        many.append("\"" + tokenOf(1) + "\",");
    }
    for (std::size_t shift = 0; shift < 30; ++shift) {
        answer(200, "{" + std::string(shift, 'b') + many);
        BOOST_TEST(!holds(session().get("/x").send().text(), "opaque-s"));
    }
}

BOOST_AUTO_TEST_CASE(expectations_pass_on_any_expected_status_and_show_the_exchange_otherwise) {
    answer(204);
    auto const exchange = session().get("/x").send();
    exchange.expectStatus(204).expectStatus({200, 204}).requireStatus(204).requireStatus({204});
    unsigned const line = __LINE__ + 1;
    BOOST_CHECK_EXCEPTION(exchange.expectStatus({200, 201}), ExpectationFailed, [&](ExpectationFailed const& error) {
        return holds(error.what(), "expected status 200 or 201, got 204\nGET https://api.test/x") &&
               error.location().line == line;
    });
    BOOST_CHECK_THROW(exchange.requireStatus(200), ExpectationFailed);
}

BOOST_AUTO_TEST_CASE(a_request_id_of_the_servers_own_is_shown) {
    transport.reply(httptest::testing::jsonReply(500, "{}", {{"X-Request-ID", "made-by-the-server"}}));
    std::string const text = session().get("/x").withoutHeader("X-Request-ID").send().text();
    BOOST_TEST(holds(text, "request id of the server made-by-the-server"), text);
}

BOOST_AUTO_TEST_CASE(json_that_is_none_or_too_deep_ends_the_case) {
    auto const jsonOf = [&](std::string body) {
        answer(200, std::move(body));
        return session().get("/x").send().json();
    };
    BOOST_TEST(jsonOf(R"({"a":[1,2]})")["a"][1] == 2);
    BOOST_TEST(jsonOf("3") == 3);
    BOOST_TEST(jsonOf(std::string(128, '[') + std::string(128, ']')).is_array());
    BOOST_TEST(jsonOf("[\"" + std::string(500, '[') + "\\\"{\"]").is_array());
    for (std::string const& body :
         {std::string(), std::string("<html>"), std::string("{\"a\":"), std::string("{} x"), std::string("\"\xff\"")}) {
        BOOST_CHECK_EXCEPTION(jsonOf(body), ExpectationFailed, [](auto const& error) {
            return holds(error.what(), " no JSON") && holds(error.what(), "\nGET ");
        });
    }
    for (std::string const& body : {std::string(129, '[') + std::string(129, ']'), std::string(1'000'000, '['),
                                    "]]]" + std::string(200'000, '{')}) {
        BOOST_CHECK_THROW(jsonOf(body), ExpectationFailed);
    }
}

BOOST_AUTO_TEST_SUITE_END()
