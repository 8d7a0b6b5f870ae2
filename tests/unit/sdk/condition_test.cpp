#include "made_exchange.hpp"

#include <httptest/condition.hpp>
#include <httptest/error.hpp>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <string>

/// What the README advises a file that uses both kinds of `json`.
namespace both_kinds_of_json {

using namespace httptest;
using nlohmann::json;

Condition const condition = httptest::json("/phase", "Pending");
json const document = json::parse(R"({"phase":"Pending"})");

} // namespace both_kinds_of_json

BOOST_AUTO_TEST_SUITE(condition)

using namespace httptest;

namespace {

Exchange workspace() {
    return madeExchange(httptest::testing::jsonReply(200, R"({"phase":"Pending","token":"hunter2"})",
                                                     {{"Warning", "a"}, {"warning", "b"}}));
}

void checkVerdict(Condition const& condition, bool met, std::string const& expected, std::string const& found) {
    Verdict const verdict = condition(workspace());
    BOOST_TEST(verdict.met == met);
    BOOST_TEST(verdict.expected == expected);
    BOOST_TEST(verdict.found == found);
}

} // namespace

BOOST_AUTO_TEST_CASE(say_what_they_want_and_what_they_found_whether_met_or_not) {
    checkVerdict(status(200), true, "status 200", "status 200");
    checkVerdict(status({201, 204}), false, "status 201 or 204", "status 200");
    checkVerdict(json("/phase", "Running"), false, "/phase to equal \"Running\"", "\"Pending\"");
    checkVerdict(json("/phase", oneOf({"Pending", "Running"})), true, "/phase to be one of \"Pending\", \"Running\"",
                 "\"Pending\"");
    checkVerdict(json("/phaze", exists()), false, "/phaze to exist",
                 "nothing: the body has no member 'phaze'; it has 'phase', 'token' (did you mean 'phase'?)");
    checkVerdict(header("content-type", contains("json")), true, "header content-type to contain \"json\"",
                 "\"application/json\"");
    checkVerdict(header("Warning", "a, b"), true, "header Warning to equal \"a, b\"", "\"a, b\"");
    checkVerdict(header("ETag", exists()), false, "header ETag to exist",
                 "nothing: the reply has Warning, warning, Content-Type");
    checkVerdict(body(contains("Pending")), true, "the body to contain \"Pending\"",
                 R"("{\"phase\":\"Pending\",\"token\":\"[redacted]\"}")");
}

BOOST_AUTO_TEST_CASE(not_turns_a_verdict_and_keeps_what_was_found) {
    checkVerdict(not_(json("/phase", "Pending")), false, "not /phase to equal \"Pending\"", "\"Pending\"");
    checkVerdict(not_(status(404)), true, "not status 404", "status 200");
    checkVerdict(not_([](Exchange const&) { return Verdict{true, "anything", "it"}; }), false, "not anything", "it");
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_json_meets_nothing) {
    Exchange const html = madeExchange(httptest::testing::reply(200, "text/html", "<html>"));
    for (Matcher const& matcher : {exists(), absent(), not_(equals(3))}) {
        Verdict const verdict = json("/a", matcher)(html);
        BOOST_TEST(!verdict.met);
        BOOST_TEST(verdict.found == "a body that is no JSON from byte 1 on");
    }
}

BOOST_AUTO_TEST_CASE(secrets_are_shown_neither_where_they_are_nor_where_they_are_expected) {
    checkVerdict(json("/token", "hunter3"), false, "/token to be what the test expects", "[redacted]");
    checkVerdict(header("Set-Cookie", "a=hunter3"), false, "header Set-Cookie to be what the test expects",
                 "nothing: the reply has Warning, warning, Content-Type");
}

BOOST_AUTO_TEST_CASE(a_malformed_pointer_is_refused_where_it_is_written) {
    BOOST_CHECK_EXCEPTION(json("phase", "x"), InvalidExpectation,
                          [](InvalidExpectation const& error) { return error.location().line == __LINE__ - 1; });
}

BOOST_AUTO_TEST_CASE(stand_beside_a_using_declaration_of_nlohmanns_json) {
    BOOST_TEST(both_kinds_of_json::condition(workspace()).met);
    BOOST_TEST(both_kinds_of_json::document["phase"] == "Pending");
}

BOOST_AUTO_TEST_SUITE_END()
