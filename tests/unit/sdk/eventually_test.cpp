#include "jumping_clock.hpp"
#include "polling/history.hpp"
#include "polling/passing_error.hpp"
#include "polling/schedule.hpp"
#include "session_support.hpp"
#include "stderr_capture.hpp"
#include "thrown_reports.hpp"

#include <httptest/eventually.hpp>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace session_support;
using namespace std::chrono_literals;
using httptest::eventually;
using httptest::Exchange;
using httptest::Phase;
using httptest::status;

class Waiting : public HarnessOverScript {
public:
    /// A session that has logged in, and whose time passes by waiting.
    httptest::Session waiting() {
        if (!clock_) {
            clock_ = std::make_shared<JumpingClock>(script->clock);
            options.clock = clock_;
            loggedIn();
            clock_->jump();
        }
        return session();
    }

    /// One that has logged in: whoever waits on the clock afterwards waits for no login.
    httptest::Session loggedIn() {
        httptest::Request request;
        request.url = httptest::Url::parse("https://api.test/");
        session().authorize(request);
        return session();
    }

    /// When each request came, since the first.
    std::vector<std::chrono::milliseconds> times;

    void answerAll(int code, httptest::Headers const& headers = {}) {
        transport.otherwise([this, code, headers](auto const&) {
            noteTime();
            return httptest::testing::jsonReply(code, R"({"phase":"Pending"})", headers);
        });
    }

    void noteTime() {
        if (!first_) {
            first_ = script->clock->steady();
        }
        times.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(script->clock->steady() - *first_));
    }

private:
    std::shared_ptr<JumpingClock> clock_;
    std::optional<httptest::SteadyTime> first_;
};

std::string listed(std::vector<std::chrono::milliseconds> const& times) {
    std::string text;
    for (auto const time : times) {
        text.append(text.empty() ? "" : " ").append(std::to_string(time.count()));
    }
    return text;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(eventually_waits, Waiting)

BOOST_AUTO_TEST_CASE(the_first_reply_that_fits_is_returned) {
    answer(503);
    answer(404);
    answer(200, R"({"phase":"Running"})");
    auto const exchange = eventually(waiting().get("/x")).within(60s).every(1s, 5s).until(status(200));
    BOOST_TEST(exchange.json()["phase"] == "Running");
    BOOST_TEST(transport.requestCount() == 3U);
}

BOOST_AUTO_TEST_CASE(pauses_grow_and_the_last_attempt_has_time_for_its_reply) {
    answerAll(200);
    reportedFailure([&] { eventually(waiting().get("/x")).within(20s).every(1s, 5s).until(status(204)); });
    BOOST_TEST(listed(times) == "0 1000 2500 4750 8125 13125 18125 19000");
}

BOOST_AUTO_TEST_CASE(constant_pauses_are_constant) {
    answerAll(200);
    reportedFailure([&] { eventually(waiting().get("/x")).within(3s).every(1s).until(status(204)); });
    BOOST_TEST(listed(times) == "0 1000 2000");
}

BOOST_AUTO_TEST_CASE(a_patience_is_kept_and_serves_many_waits) {
    httptest::Patience const patience{.within = 3s, .every = {1s}, .failFastOn = {status(403)}};
    answerAll(200);
    auto const request = waiting().get("/x");
    reportedFailure([&] { eventually(request, patience).until(status(204)); });
    BOOST_TEST(listed(times) == "0 1000 2000");
    answerAll(403);
    std::string const text = reportedFailure([&] { eventually(request, patience).until(status(204)); });
    BOOST_TEST(holds(text, "gave up waiting for status 204: status 403"), text);
}

BOOST_AUTO_TEST_CASE(what_follows_a_patience_holds_for_this_wait) {
    httptest::Patience const patience{.within = 3s, .every = {1s, 2s}};
    answerAll(200);
    auto const request = waiting().get("/x");
    reportedFailure([&] { eventually(request, patience).within(6s).every(2s).until(status(204)); });
    BOOST_TEST(listed(times) == "0 2000 4000");
    BOOST_TEST((patience.within == 3s));
}

BOOST_AUTO_TEST_CASE(a_patience_may_be_written_where_it_is_needed_and_leaves_the_rest_as_it_is) {
    answerAll(200);
    reportedFailure([&] { eventually(waiting().get("/x"), {.within = 4s}).until(status(204)); });
    BOOST_TEST(listed(times) == "0 1000 2500 3000");
}

BOOST_AUTO_TEST_CASE(a_patience_that_is_none_is_refused_where_it_is_used) {
    auto const request = waiting().get("/x");
    for (httptest::Patience const& none :
         {httptest::Patience{.within = 0s}, httptest::Patience{.every = {-1s}}, httptest::Patience{.every = {2s, 1s}},
          httptest::Patience{.every = {0s, 1s}}}) {
        try {
            (void)eventually(request, none);
            BOOST_ERROR("an impossible patience passes");
        } catch (httptest::InvalidRequest const& error) {
            BOOST_TEST(error.location().line == __LINE__ - 3U);
        }
    }
    BOOST_TEST(transport.requestCount() == 0U);
}

BOOST_AUTO_TEST_CASE(a_failure_tells_what_changed_and_shows_the_last_reply) {
    answer(404);
    answer(404);
    transport.fail<httptest::ConnectFailed>(Phase::connect, std::string("nobody listens"));
    answerAll(200);
    unsigned line = 0;
    unsigned const expected = __LINE__ + 3;
    std::string const text = reportedFailure(
        [&] {
            eventually(waiting().get("/x")).within(10s).every(1s).until(status(204)); // here
        },
        &line);
    BOOST_TEST(line == expected);
    BOOST_TEST(holds(text,
                     "waited 10.0 s in vain for status 204\n10 attempts in 9.0 s:\n"
                     "  +0 ms: status 404 (2 times)\n"
                     "  +2.0 s: no reply: nobody listens\n"
                     "  +3.0 s: status 200 (7 times)\n"
                     "the last reply:\nGET https://api.test/x\n"),
               text);
}

BOOST_AUTO_TEST_CASE(what_no_wait_can_change_ends_it_at_once) {
    answer(200);
    answer(403);
    std::string const text = reportedFailure([&] {
        eventually(waiting().get("/x")).failFastOn(status(404)).failFastOn(status({401, 403})).until(status(204));
    });
    BOOST_TEST(holds(text, "gave up waiting for status 204: status 401 or 403, after which it does not come"), text);
    BOOST_TEST(holds(text, "  +0 ms: status 200\n  +1.0 s: status 403\nthe last reply:\n"), text);
    BOOST_TEST(transport.requestCount() == 2U);
}

BOOST_AUTO_TEST_CASE(a_reply_that_fits_wins_over_one_to_give_up_on) {
    answer(404);
    BOOST_TEST(eventually(waiting().get("/x")).failFastOn(status(404)).until(status(404)).status() == 404);
}

BOOST_AUTO_TEST_CASE(a_function_may_be_waited_for_and_its_failed_expectations_mean_not_yet) {
    transport.reply(httptest::testing::reply(502, "text/html", "<html>"));
    answer(200, "<html>");
    answer(200, R"({"phase":"Pending"})");
    answer(200, R"({"phase":"Running"})");
    auto const running = [](Exchange const& exchange) {
        return exchange.requireStatus(200).json()["phase"] == "Running";
    };
    BOOST_TEST(eventually(waiting().get("/x")).until(running).status() == 200);
    answerAll(500);
    std::string const text =
        reportedFailure([&] { eventually(waiting().get("/x")).within(2s).until("the workspace runs", running); });
    BOOST_TEST(holds(text, "in vain for the workspace runs\n"), text);
    BOOST_TEST(holds(text, "status 500, expected status 200, got 500"), text);
}

BOOST_AUTO_TEST_CASE(an_expectation_that_would_go_on_means_not_yet_in_a_function) {
    answer(503);
    answer(200, R"({"phase":"Pending"})");
    answer(200, R"({"phase":"Running"})");
    auto const exchange = eventually(waiting().get("/x")).until([](Exchange const& reply) {
        reply.expectStatus(200);
        reply.expectJson("/phase", "Running");
        return true;
    });
    BOOST_TEST(exchange.json()["phase"] == "Running");
    BOOST_TEST(transport.requestCount() == 3U);
}

BOOST_AUTO_TEST_CASE(a_function_that_throws_ends_it_with_the_reply) {
    answer(200, R"({"phase":7})");
    std::string const text = reportedFailure([&] {
        eventually(waiting().get("/x")).until([](Exchange const& exchange) {
            return exchange.json()["phase"].get<std::string>() == "Running";
        });
    });
    BOOST_TEST(holds(text, "the condition of eventually() threw: "), text);
    BOOST_TEST(holds(text, R"({"phase": 7})"), text);
}

BOOST_AUTO_TEST_CASE(what_a_function_expects_in_vain_is_not_there_yet) {
    answer(200, R"({"phase":"Pending"})");
    answer(200, R"({"phase":"Running"})");
    auto const reply = eventually(waiting().get("/x")).until([](Exchange const& exchange) {
        exchange.requireJson("/phase", "Running");
        return true;
    });
    BOOST_TEST(reply.json()["phase"] == "Running");
    BOOST_TEST(transport.requestCount() == 2U);
}

BOOST_AUTO_TEST_CASE(an_error_of_a_request_in_a_function_ends_it_as_that_error) {
    answer(200);
    transport.fail<httptest::TlsError>(Phase::tls, std::string("expired"));
    auto const session = waiting();
    BOOST_CHECK_THROW(
        eventually(session.get("/x")).until([&](Exchange const&) { return session.get("/y").send().status() == 200; }),
        httptest::TlsError);
}

BOOST_AUTO_TEST_CASE(one_without_until_goes_to_standard_error_where_no_test_framework_listens) {
    httptest::Reporter const before = httptest::setReporter(nullptr);
    auto const session = this->session();
    std::string const text =
        writtenToStderr([&] { [[maybe_unused]] auto const forgotten = eventually(session.get("/x")); });
    httptest::setReporter(before);
    BOOST_TEST(text.starts_with("httptest: "), text);
    BOOST_TEST(holds(text, "eventually_test.cpp:"), text);
    BOOST_TEST(holds(text, "ends without until"), text);
    BOOST_TEST(transport.requestCount() == 0U);
}

BOOST_AUTO_TEST_CASE(trouble_that_passes_is_waited_out) {
    transport.fail<httptest::NameNotResolved>(Phase::resolve, std::string("x"));
    transport.fail<httptest::ConnectFailed>(Phase::connect, std::string("x"));
    transport.fail<httptest::ConnectionLost>(Phase::firstByte, std::string("x"));
    transport.fail<httptest::BadReply>(Phase::body, std::string("x"));
    transport.fail<httptest::TimedOut>(Phase::firstByte, std::string("x"));
    transport.fail<httptest::ProxyRefused>(502, std::string("x"));
    answer(200);
    BOOST_TEST(eventually(waiting().get("/x")).until(status(200)).status() == 200);
    using httptest::polling::mayPass;
    BOOST_TEST(mayPass(httptest::LoginThrottled("x")));
    BOOST_TEST(mayPass(httptest::LoginUnavailable("x")));
    BOOST_TEST(mayPass(httptest::LoginUnreachable("x")));
    BOOST_TEST(!mayPass(httptest::BadLoginReply("x")));
    BOOST_TEST(!mayPass(httptest::Misconfigured("x")));
}

BOOST_AUTO_TEST_CASE(trouble_that_stays_is_thrown_as_it_is) {
    transport.fail<httptest::TlsError>(Phase::tls, std::string("x"));
    BOOST_CHECK_THROW(eventually(waiting().get("/x")).until(status(200)), httptest::TlsError);
    transport.fail<httptest::ProxyRefused>(407, std::string("x"));
    BOOST_CHECK_THROW(eventually(waiting().get("/x")).until(status(200)), httptest::ProxyRefused);
    transport.fail<httptest::ReplyTooLarge>(Phase::body, std::string("x"));
    BOOST_CHECK_THROW(eventually(waiting().get("/x")).until(status(200)), httptest::ReplyTooLarge);
    BOOST_CHECK_THROW(eventually(waiting().get("/{x}")).until(status(200)), httptest::InvalidRequest);
    BOOST_TEST(transport.requestCount() == 3U);
}

BOOST_AUTO_TEST_CASE(refused_credentials_are_not_waited_for) {
    script->onLogin = [](int) { throw httptest::CredentialsRejected("invalid_client"); };
    unsigned const line = __LINE__ + 1;
    BOOST_CHECK_EXCEPTION(eventually(session().get("/x")).until(status(200)), httptest::CredentialsRejected,
                          [&](auto const& error) { return error.location().line == line; });
}

BOOST_AUTO_TEST_CASE(a_wait_without_any_reply_says_so) {
    transport.otherwise([](auto const&) -> httptest::Response {
        throw httptest::ConnectFailed(Phase::connect, "nobody listens at 127.0.0.1:9");
    });
    std::string const text = reportedFailure([&] { eventually(waiting().get("/x")).within(10s).until(status(200)); });
    BOOST_TEST(holds(text, "in vain for a reply\n"), text);
    BOOST_TEST(holds(text, "the last attempt got no reply: nobody listens at 127.0.0.1:9\nGET https://api.test/"),
               text);
}

BOOST_AUTO_TEST_CASE(the_server_may_ask_for_longer_pauses) {
    for (int const code : {429, 503}) {
        transport.handle([this, code](auto const&) {
            noteTime();
            return httptest::testing::jsonReply(code, "{}", {{"Retry-After", "7"}});
        });
    }
    answerAll(200, {{"Retry-After", "30"}});
    eventually(waiting().get("/x")).every(1s).until(status(200));
    BOOST_TEST(listed(times) == "0 7000 14000");
}

BOOST_AUTO_TEST_CASE(a_pause_that_ends_too_late_is_not_begun) {
    answerAll(503, {{"Retry-After", "120"}});
    std::string const text = reportedFailure([&] { eventually(waiting().get("/x")).within(60s).until(status(200)); });
    BOOST_TEST(holds(text, "gave up waiting for status 200: the server asks for a pause of 120.0 s"), text);
    BOOST_TEST(listed(times) == "0");
}

BOOST_AUTO_TEST_CASE(each_attempt_is_bounded_by_what_is_left) {
    script->transport->hold(); // replies never come: each attempt ends at its deadline
    answerAll(200);
    auto const plain = loggedIn();
    std::string text;
    std::jthread waiter([&] {
        text =
            reportedFailure([&] { eventually(plain.get("/x").timeout(4s)).within(10s).every(1s).until(status(200)); });
    });
    for (auto const step : {4s, 1s, 4s}) { // its own limit, a pause, its own limit
        script->clock->waitForSleepers(1);
        script->clock->advance(step);
    }
    waiter.join();
    BOOST_TEST(holds(text, "2 attempts in 9.0 s:\n  +0 ms: no reply: timed out before the scripted reply (2 times)\n"),
               text);
}

BOOST_AUTO_TEST_CASE(the_harness_end_ends_a_pause) {
    answerAll(404);
    auto const plain = loggedIn();
    std::string what;
    std::jthread waiter([&] {
        try {
            eventually(plain.get("/x")).until(status(200));
        } catch (httptest::Cancelled const& error) {
            what = error.what();
        }
    });
    script->clock->waitForSleepers(1);
    endHarness();
    waiter.join();
    BOOST_TEST(holds(what, "the harness has ended"), what);
}

BOOST_AUTO_TEST_CASE(durations_that_make_no_sense_are_refused_where_they_stand) {
    answerAll(200);
    auto const get = waiting().get("/x");
    using httptest::InvalidRequest;
    BOOST_CHECK_THROW((void)eventually(get).within(0s), InvalidRequest);
    BOOST_CHECK_THROW((void)eventually(get).within(-1s), InvalidRequest);
    BOOST_CHECK_THROW((void)eventually(get).every(0s), InvalidRequest);
    BOOST_CHECK_THROW((void)eventually(get).every(-1s, 5s), InvalidRequest);
    BOOST_CHECK_THROW((void)eventually(get).every(5s, 1s), InvalidRequest);
    unsigned const line = __LINE__ + 1;
    BOOST_CHECK_EXCEPTION(
        eventually(get).every(10s).within(5s).until(status(200)), InvalidRequest, [&](InvalidRequest const& error) {
            return holds(error.what(), "every(10.0 s) is longer than within(5.0 s)") && error.location().line == line;
        });
    BOOST_TEST(transport.requestCount() == 0U);
    BOOST_TEST(eventually(get).within(100ms).until(status(200)).status() == 200);
}

BOOST_AUTO_TEST_CASE(a_history_is_bounded_and_its_lines_are_one_line_each) {
    httptest::polling::History history;
    for (int i = 0; i < 1000; ++i) {
        history.add(std::chrono::seconds(i), "value\n" + std::to_string(i) + std::string(1000, 'x'));
    }
    std::string const text = history.text();
    BOOST_TEST(text.size() < 10'000U);
    BOOST_TEST(holds(text, "  +0 ms: value 0x"));
    BOOST_TEST(holds(text, "  +9.0 s: value 9x"));
    BOOST_TEST(holds(text, "  … 960 changes left out …\n  +970.0 s: value 970x"));
    BOOST_TEST(holds(text, "  +999.0 s: value 999x"));
}

BOOST_AUTO_TEST_CASE(a_schedule_ends_where_nothing_fits) {
    httptest::SteadyTime const start(1h);
    httptest::polling::Schedule schedule(start, 10s, 2s, 2s);
    BOOST_TEST((schedule.next(start + 7999ms, 0s) == start + 8s));
    BOOST_TEST(!schedule.next(start + 8s, 0s).has_value());
    BOOST_TEST((schedule.next(start + 8s, 1999ms) == start + 9999ms));
    BOOST_TEST(!schedule.next(start + 8s, 2s).has_value());
    BOOST_TEST(!schedule.next(start + 11s, 0s).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
