#include "made_exchange.hpp"
#include "recorded_reports.hpp"
#include "support/contains.hpp"
#include "support/golden.hpp"

#include <httptest/condition.hpp>
#include <httptest/error.hpp>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

BOOST_FIXTURE_TEST_SUITE(expectations, RecordedReports)

using namespace httptest;
using namespace std::chrono_literals;

namespace {

constexpr char const* workspaceJson = R"({
    "id": "w-1", "phase": "Pending", "gpus": 2, "ratio": 0.5, "ready": false, "owner": null, "password": "hunter2",
    "tags": ["blue", "red"], "nodes": [{"name": "n1", "gpus": 8}, {"name": "n2", "gpus": 0}],
    "serial": 9007199254740993})";

Exchange workspace() {
    Response response = testing::jsonReply(200, workspaceJson, {{"ETag", "v1"}, {"Set-Cookie", "sid=hunter2"}});
    response.timings.total = 1500ms;
    return madeExchange(std::move(response));
}

/// All that a failure says but the exchange.
std::string saidOf(RecordedReports::Failure const& failure) {
    return failure.text.substr(0, failure.text.find("\nGET "));
}

} // namespace

BOOST_AUTO_TEST_CASE(what_holds_is_counted_and_says_nothing) {
    workspace()
        .expectStatus(200)
        .expectStatus({200, 201})
        .requireStatus(200)
        .requireStatus({200, 204})
        .expectHeader("Content-Type", contains("json"))
        .requireHeader("etag", "v1")
        .expectHeader("X-None", absent())
        .expectJson("/phase", "Pending")
        .expectJson("/serial", 9007199254740993)
        .expectJson("/owner", isNull())
        .expectJson("/tags", unordered({"red", "blue"}))
        .requireJson("/nodes", each(hasMembers({{"name", matches("^n[0-9]$")}, {"gpus", atLeast(0)}})))
        .expectJsonLike({{"id", "w-1"}, {"nodes", {{{"name", "n1"}}, {{"gpus", 0}}}}})
        .requireJsonLike({{"tags", {"blue", "red"}}})
        .expectBody(contains("Pending"))
        .requireBody(not_(contains("Failed")))
        .expectUnder(1501ms)
        .requireUnder(2s)
        .expect(status(200))
        .require(not_(json("/phase", "Failed")))
        .expect([](Exchange const& exchange) {
            return Verdict{exchange.attempts() == 1, "one attempt", "more"};
        });
    BOOST_TEST(failures().empty());
    BOOST_TEST(passes() == 21U);
}

BOOST_AUTO_TEST_CASE(each_failure_says_what_was_expected_and_what_is_there) {
    std::vector<std::function<void(Exchange const&)>> const expectations = {
        [](auto const& e) { e.expectStatus(201); },
        [](auto const& e) {
            e.expectStatus({201, 204});
        },
        [](auto const& e) { e.expectHeader("ETag", "v2"); },
        [](auto const& e) { e.expectHeader("X-None", exists()); },
        [](auto const& e) { e.expectHeader("ETag", absent()); },
        [](auto const& e) { e.expectHeader("Set-Cookie", contains("sid=hunter3")); },
        [](auto const& e) { e.expectJson("/phase", "Ready"); },
        [](auto const& e) { e.expectJson("/serial", 9007199254740992); },
        [](auto const& e) { e.expectJson("/gpus", "2"); },
        [](auto const& e) { e.expectJson("/password", "hunter3"); },
        [](auto const& e) {
            e.expectJson("/phase", oneOf({"Ready", "Running"}));
        },
        [](auto const& e) { e.expectJson("/phase", not_("Pending")); },
        [](auto const& e) {
            e.expectJson("/gpus", allOf({isInteger(), greaterThan(2)}));
        },
        [](auto const& e) {
            e.expectJson("/ratio", anyOf({isInteger(), isNull(), atMost(0.25)}));
        },
        [](auto const& e) { e.expectJson("/phase", contains("end ")); },
        [](auto const& e) { e.expectJson("/tags", contains("green")); },
        [](auto const& e) {
            e.expectJson("/nodes", contains(hasMembers({{"gpus", 4}})));
        },
        [](auto const& e) { e.expectJson("/phase", matches("^R")); },
        [](auto const& e) { e.expectJson("/tags", sizeIs(3)); },
        [](auto const& e) { e.expectJson("/phase", sizeIs(lessThan(3))); },
        [](auto const& e) { e.expectJson("/gpus", sizeIs(1)); },
        [](auto const& e) {
            e.expectJson("/nodes", each(hasMembers({{"gpus", greaterThan(0)}})));
        },
        [](auto const& e) { e.expectJson("/phase", each(isString())); },
        [](auto const& e) {
            e.expectJson("/tags", unordered({"red", "green"}));
        },
        [](auto const& e) { e.expectJson("/tags", unordered({"red"})); },
        [](auto const& e) {
            e.expectJson("/tags", hasElements({"blue", isNumber()}));
        },
        [](auto const& e) {
            e.expectJson("", hasMembers({{"phaze", exists()}, {"password", "hunter3"}, {"id", "w-1"}}));
        },
        [](auto const& e) { e.expectJson("/ready", isString()); },
        [](auto const& e) { e.expectJson("/id", absent()); },
        [](auto const& e) { e.expectJson("/owner", exists()).expectJson("/owner", not_(isNull())); },
        [](auto const& e) { e.expectJson("/phaze", "Ready"); },
        [](auto const& e) { e.expectJson("/nodes/2/name", "n3"); },
        [](auto const& e) { e.expectJson("/nodes/0/name/first", "n"); },
        [](auto const& e) {
            e.expectJson("/nodes/0", nlohmann::json{{"name", "n2"}, {"cpus", 1}});
        },
        [](auto const& e) { e.expectJson("/nodes", nlohmann::json::array({1})); },
        [](auto const& e) {
            e.expectJsonLike(
                {{"id", "w-2"}, {"phaze", "x"}, {"nodes", {{{"gpus", 4}}, {{"name", 2}}}}, {"tags", {"blue"}}});
        },
        [](auto const& e) {
            e.expectJsonLike({{"password", "hunter3"}});
        },
        [](auto const& e) { e.expectBody(contains("Failed")); },
        [](auto const& e) { e.expectBody(matches("[0-9]{20}")); },
        [](auto const& e) { e.expectUnder(1500ms); },
        [](auto const& e) { e.expectUnder(1ms); },
        [](auto const& e) { e.expect(json("/phase", "Ready")); },
        [](auto const& e) { e.expect(not_(status(200))); },
        [](auto const& e) { e.expect([](Exchange const&) {
                                return Verdict{false, "a sign", "none"};
                            }); },
    };
    std::string all;
    for (auto const& expectation : expectations) {
        std::size_t const before = failures().size();
        expectation(workspace());
        BOOST_TEST_REQUIRE(failures().size() == before + 1);
        BOOST_TEST((failures().back().outcome == Outcome::failed));
        all += saidOf(failures().back()) + "\n";
    }
    BOOST_TEST(!::contains(all, "hunter"));
    checkGolden("expectations", all);
}

BOOST_AUTO_TEST_CASE(each_failure_points_at_the_callers_line) {
    auto const exchange = workspace();
    unsigned const line = __LINE__ + 1;
    exchange.expectStatus(201)
        .expectStatus({201})
        .expectHeader("ETag", "v2")
        .expectJson("/phase", "Ready")
        .expectJsonLike({{"phase", "Ready"}})
        .expectBody("x")
        .expectUnder(1ms)
        .expect(status(201));
    BOOST_TEST_REQUIRE(failures().size() == 8U);
    for (std::size_t i = 0; i < failures().size(); ++i) {
        BOOST_TEST(failures()[i].where.line == line + i, failures()[i].text);
        BOOST_TEST(::contains(failures()[i].where.file, "expectations_test.cpp"));
    }
}

BOOST_AUTO_TEST_CASE(what_is_required_ends_the_case) {
    auto const exchange = workspace();
    std::vector<std::function<void()>> const requirements = {
        [&] { exchange.requireStatus(201); },
        [&] { exchange.requireStatus({201}); },
        [&] { exchange.requireHeader("ETag", "v2"); },
        [&] { exchange.requireJson("/phase", "Ready"); },
        [&] {
            exchange.requireJsonLike({{"phase", "Ready"}});
        },
        [&] { exchange.requireBody("x"); },
        [&] { exchange.requireUnder(1ms); },
        [&] { exchange.require(status(201)); },
    };
    for (auto const& requirement : requirements) {
        BOOST_CHECK_THROW(requirement(), ExpectationFailed);
        BOOST_TEST((failures().back().outcome == Outcome::fatal));
    }
    BOOST_TEST(failures().size() == requirements.size());
}

BOOST_AUTO_TEST_CASE(the_exchange_is_shown_once_for_all_copies) {
    auto const exchange = workspace();
    std::vector<Exchange> const copies(2, exchange);
    copies[0].expectStatus(201);
    copies[1].expectJson("/phase", "Ready");
    BOOST_CHECK_THROW(exchange.capture<int>("/id"), ExpectationFailed);
    BOOST_TEST_REQUIRE(failures().size() == 3U);
    BOOST_TEST(::contains(failures()[0].text, "< 200"));
    BOOST_TEST(failures()[1].text ==
               "expected /phase to equal \"Ready\", got \"Pending\"\n"
               "(the exchange is shown above: GET https://api.test/x, status 200)");
    BOOST_TEST(::contains(failures()[2].text, "(the exchange is shown above: "));
    workspace().expectStatus(201);
    BOOST_TEST(::contains(failures()[3].text, "< 200"));
}

BOOST_AUTO_TEST_CASE(a_malformed_pointer_is_an_error_at_the_callers_line) {
    BOOST_CHECK_EXCEPTION(workspace().expectJson("phase", "Ready"), InvalidExpectation,
                          [](InvalidExpectation const& error) { return error.location().line == __LINE__ - 1; });
    BOOST_TEST(failures().empty());
}

BOOST_AUTO_TEST_CASE(bodies_that_are_no_json_fail_every_expectation_on_json) {
    std::vector<std::pair<std::string, std::string>> const rows = {
        {"", "a body that is empty, which is no JSON"},
        {"<html>", "a body that is no JSON from byte 1 on"},
        {R"({"a":1} x)", "a body that is no JSON from byte 9 on"},
        {"{\"a\":\"\xff\"}", "a body that is no JSON from byte 7 on"},
        {std::string("{\"a\":\0}", 7), "a body that is no JSON from byte 6 on"},
        {R"({"a":1e999})", "a body that has a number beyond the range of a double, which is 1e999"},
        {std::string(129, '[') + std::string(129, ']'), "a body that is JSON nested deeper than 128 levels"},
        {std::string(1'000'000, '['), "a body that is JSON nested deeper than 128 levels"},
    };
    for (auto const& [body, found] : rows) {
        auto const exchange = jsonExchange(body);
        std::size_t const before = failures().size();
        exchange.expectJson("/a", absent()).expectJson("/a", 1).expectJsonLike({{"a", 1}});
        BOOST_TEST_REQUIRE(failures().size() == before + 3);
        BOOST_TEST(::contains(failures()[before].text, "expected /a to be absent, got " + found),
                   failures()[before].text);
    }
    std::size_t const before = failures().size();
    jsonExchange(std::string(128, '[') + std::string(128, ']')).expectJson("/0/0", exists());
    BOOST_TEST(failures().size() == before);
}

BOOST_AUTO_TEST_CASE(threads_may_share_an_exchange) {
    auto const exchange = workspace();
    std::vector<std::jthread> threads;
    std::atomic<int> met{0};
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] { met += json("/nodes/1/name", "n2")(exchange).met ? 1 : 0; });
    }
    threads.clear();
    BOOST_TEST(met == 8);
}

BOOST_AUTO_TEST_CASE(names_of_the_servers_are_cut) {
    jsonExchange("{\"" + std::string(1000, 'n') + "\":1}").expectJson("", nlohmann::json::object());
    BOOST_TEST(
        ::contains(failures().at(0).text, "\n  /" + std::string(199, 'n') + "…: expected to be absent, got 1\n"));
}

BOOST_AUTO_TEST_CASE(many_differences_are_counted_and_the_first_shown) {
    nlohmann::json expected;
    for (int i = 0; i < 1000; ++i) {
        expected["member" + std::to_string(i)] = i;
    }
    jsonExchange("{}").expectJsonLike(expected);
    BOOST_TEST(::contains(failures().at(0).text, "1000 differences:"));
    BOOST_TEST(::contains(failures().at(0).text, "\n  … and 980 more\n"));
}

BOOST_AUTO_TEST_SUITE_END()
