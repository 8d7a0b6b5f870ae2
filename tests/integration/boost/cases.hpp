#pragma once

// The cases of the three programs that differ in how they come by Boost.Test. Each case fails on purpose; `check.cmake`
// knows how. Include it after Boost.Test and <httptest/boost_test.hpp>.

#include "scripted_provider.hpp"

#include <httptest/error.hpp>
#include <httptest/eventually.hpp>
#include <httptest/pages.hpp>
#include <httptest/parallel.hpp>
#include <httptest/testing/scripted_transport.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cases {

/// What a server sends that wants to break a report.
inline std::string hostileBody() {
    std::string body = "\x1b[31mred\x1b[0m ]]> <![CDATA[ \xff\xfe\xc0\xaf \xed\xa0\x80 \xef\xbf\xbf & <tag>";
    body.push_back('\0');
    body.append("\r\n\x7f after NUL ]]]>");
    return body;
}

/// The targets of the deletions so far.
class Deletions {
public:
    void add(std::string const& target) {
        std::lock_guard const lock(mutex_);
        targets_.append(target).append(" ");
    }
    std::string take() {
        std::lock_guard const lock(mutex_);
        return std::exchange(targets_, {});
    }

private:
    std::mutex mutex_; // guards `targets_`
    std::string targets_;
};

inline Deletions& deletions() {
    static Deletions instance;
    return instance;
}

inline httptest::Response answer(httptest::Request const& request) {
    std::string const& target = request.url.target;
    if (request.method == "DELETE") {
        deletions().add(target);
        return httptest::testing::jsonReply(target == "/stuck" ? 500 : 204, "");
    }
    if (target == "/hostile") {
        return httptest::testing::reply(500, "text/html", hostileBody());
    }
    if (target == "/hostile-headers") {
        return httptest::testing::jsonReply(200, "{}", {{"X-Hostile", hostileBody()}});
    }
    if (target == "/hostile-json") {
        return httptest::testing::jsonReply(200, R"({"phase":"\u001b[31m ]]> \u0000 after NUL"})");
    }
    if (target == "/huge") {
        constexpr std::size_t tenMegabytes = std::size_t{10} * 1024 * 1024;
        std::string body;
        while (body.size() < tenMegabytes) {
            body.append(hostileBody());
        }
        return httptest::testing::reply(500, "application/octet-stream", body);
    }
    return httptest::testing::jsonReply(target == "/missing" ? 404 : 200, R"({"target":")" + target + R"("})");
}

inline std::atomic<int>& harnessesMade() {
    static std::atomic<int> made = 0;
    return made;
}

inline httptest::HarnessOptions options(bool rejected) {
    ++harnessesMade();
    auto transport = std::make_shared<httptest::testing::ScriptedTransport>(httptest::systemClock());
    transport->otherwise(&answer);
    httptest::HarnessOptions options;
    static httptest::testing::TemporaryFolder const folder;
    options.configuration = httptest::Configuration()
                                .set("scripted.base_url", "https://api.test")
                                .set("state_dir", (folder.path() / "state").string());
    options.providers = {std::make_shared<Factory>(rejected)};
    options.transport = std::move(transport);
    return options;
}

struct ProgramHarness : httptest::HarnessFixture {
    ProgramHarness() : HarnessFixture([] { return options(false); }) {}
};

struct RejectedHarness : httptest::HarnessFixture {
    RejectedHarness() : HarnessFixture([] { return options(true); }) {}
};

} // namespace cases

using cases::ProgramHarness;
BOOST_TEST_GLOBAL_FIXTURE(ProgramHarness);

BOOST_FIXTURE_TEST_SUITE(whole_program, httptest::CaseFixture)

BOOST_AUTO_TEST_CASE(passes) {
    session.get("/fine").send().expectStatus(200).requireStatus({200, 204});
}

BOOST_AUTO_TEST_CASE(an_expectation_fails) {
    auto const exchange = session.get("/missing").send();
    exchange.expectStatus(200); // line: expect
    BOOST_TEST_MESSAGE("went on after expectStatus");
}

BOOST_AUTO_TEST_CASE(a_requirement_fails) {
    auto const exchange = session.get("/missing").send();
    exchange.requireStatus(200); // line: require
    BOOST_TEST_MESSAGE("went on after requireStatus");
}

BOOST_AUTO_TEST_CASE(a_body_is_no_json) {
    auto const exchange = session.get("/hostile").send();
    exchange.json(); // line: json
    BOOST_TEST_MESSAGE("went on after json");
}

BOOST_AUTO_TEST_CASE(other_threads_fail) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([session = session] {
            session.get("/missing").send().expectStatus(200); // line: thread
            try {
                session.get("/missing").send().requireStatus(204); // line: fatal thread
            } catch (httptest::ExpectationFailed const&) {
            }
        });
    }
}

BOOST_AUTO_TEST_CASE(parallel_threads_fail) {
    httptest::parallel(4, [&](std::size_t) {
        session.get("/missing").send().expectStatus(200);  // line: parallel
        session.get("/missing").send().requireStatus(204); // line: fatal parallel
        BOOST_TEST_MESSAGE("went on after requireStatus");
    });
    BOOST_TEST_MESSAGE("went on after parallel");
}

BOOST_AUTO_TEST_CASE(parallel_threads_throw) {
    httptest::parallel(3, [&](std::size_t i) { // line: thrown in parallel
        throw httptest::Error(i == 0 ? "the one" : "the others");
    });
}

BOOST_AUTO_TEST_CASE(a_wait_is_in_vain) {
    using namespace std::chrono_literals;
    httptest::eventually(session.get("/missing")).within(20ms).every(5ms).until(httptest::status(200)); // line: until
    BOOST_TEST_MESSAGE("went on after until");
}

BOOST_AUTO_TEST_CASE(a_wait_is_forgotten) {
    (void)httptest::eventually(session.get("/missing")); // line: forgotten until
}

BOOST_AUTO_TEST_CASE(a_list_is_none) {
    httptest::pages(session, "/fine").count(); // line: pages
}

BOOST_AUTO_TEST_CASE(a_requirement_fails_before_the_cleanup) {
    cleanup.add(session.del("/first"));
    cleanup.add(session.del("/second"));
    session.get("/missing").send().requireStatus(200); // line: require before cleanup
}

BOOST_AUTO_TEST_CASE(the_cleanup_ran_after_a_failed_requirement) {
    BOOST_TEST(cases::deletions().take() == "/second /first ");
}

BOOST_AUTO_TEST_CASE(an_exception_leaves_before_the_cleanup) {
    cleanup.add(session.del("/first"));
    httptest::parallel(1, [&](std::size_t) { cleanup.add(session.del("/of-a-thread")); });
    throw httptest::Error("before the cleanup");
}

BOOST_AUTO_TEST_CASE(the_cleanup_ran_after_an_exception) {
    BOOST_TEST(cases::deletions().take() == "/of-a-thread /first ");
}

BOOST_AUTO_TEST_CASE(something_is_left_behind) {
    cleanup.add(session.del("/first"));
    cleanup.add(session.del("/stuck")); // line: leak
}

BOOST_AUTO_TEST_CASE(the_cleanup_went_on_after_a_leak) {
    BOOST_TEST(cases::deletions().take() == "/stuck /first ");
}

BOOST_AUTO_TEST_CASE(hostile_bodies) {
    session.get("/hostile").send().expectStatus(200); // line: hostile
    session.get("/huge").send().expectStatus(200);    // line: huge
    throw httptest::Error("thrown with " + cases::hostileBody());
}

BOOST_AUTO_TEST_CASE(hostile_headers) {
    auto const exchange = session.get("/hostile-headers").send();
    exchange.expectHeader("X-Hostile", "friendly"); // line: hostile header
    exchange.expectBody("\x1b[31m ]]> after NUL");  // line: hostile expectation
}

BOOST_AUTO_TEST_CASE(hostile_json) {
    auto const exchange = session.get("/hostile-json").send();
    exchange.expectJson("/phase", "Ready");                            // line: hostile json
    exchange.expectJson(cases::hostileBody().insert(0, "/"), "Ready"); // line: hostile pointer
}

BOOST_AUTO_TEST_CASE(hostile_exceptions_of_other_types) {
    httptest::parallel(2, [&](std::size_t) { // line: hostile threads
        throw std::invalid_argument("of the test's own: " + cases::hostileBody());
    });
}

BOOST_AUTO_TEST_CASE(an_exception_quotes_a_secret) {
    throw std::invalid_argument("the reply was {\"access_token\":\"opaque-token-of-the-cases\"}");
}

BOOST_AUTO_TEST_CASE(a_harmless_exception_stays_as_it_is) {
    throw std::invalid_argument("stays as it is");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(with_rejected_credentials, *boost::unit_test::fixture<cases::RejectedHarness>())

BOOST_FIXTURE_TEST_CASE(cannot_log_in, httptest::CaseFixture) {
    session.get("/fine").send(); // line: login
}

BOOST_FIXTURE_TEST_CASE(cannot_log_in_either, httptest::CaseFixture) {
    session.get("/fine").send(); // line: login again
}

BOOST_FIXTURE_TEST_CASE(both_cases_shared_a_harness, httptest::CaseFixture) {
    BOOST_TEST(cases::harnessesMade() == 2);
    BOOST_TEST(session.auth().state == "rejected");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(the_programs_harness_is_back, httptest::CaseFixture) {
    session.get("/fine").send().requireStatus(200);
    BOOST_TEST(cases::harnessesMade() == 2);
}

namespace cases {

struct OwnHarness : ProgramHarness, httptest::CaseFixture {};

} // namespace cases

BOOST_FIXTURE_TEST_CASE(a_case_may_have_a_harness_of_its_own, cases::OwnHarness) {
    session.get("/fine").send().requireStatus(200);
    BOOST_TEST(cases::harnessesMade() == 3);
}

BOOST_AUTO_TEST_CASE(threads_fail_without_a_fixture) {
    std::jthread([session = httptest::harness().session()] {
        session.get("/missing").send().expectStatus(200); // line: no fixture
    });
}
