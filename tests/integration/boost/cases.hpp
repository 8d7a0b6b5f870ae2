#pragma once

// The cases of the three programs that differ in how they come by Boost.Test. Each case fails on purpose; `check.cmake`
// knows how. Include it after Boost.Test and <httptest/boost_test.hpp>.

#include <httptest/bearer_auth_provider.hpp>
#include <httptest/error.hpp>
#include <httptest/providers.hpp>
#include <httptest/testing/scripted_transport.hpp>
#include <httptest/token_source.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cases {

class Source final : public httptest::TokenSource {
public:
    explicit Source(bool rejected) : rejected_(rejected) {}

    httptest::Token fetch(httptest::LoginContext const&) override {
        if (rejected_) {
            throw httptest::CredentialsRejected("could not log in to https://api.test as ci: invalid_client");
        }
        httptest::Token token;
        token.accessToken = httptest::Secret("opaque-token-of-the-cases");
        return token;
    }

    std::string describe() const override { return "scripted credentials"; }

private:
    bool rejected_;
};

class Factory final : public httptest::ProviderFactory {
public:
    explicit Factory(bool rejected) : rejected_(rejected) {}

    std::string name() const override { return "scripted"; }
    std::vector<httptest::SettingSpec> settings() const override { return {}; }
    std::unique_ptr<httptest::AuthProvider> create(httptest::ProviderContext const& context) const override {
        return std::make_unique<httptest::BearerAuthProvider>(std::make_unique<Source>(rejected_), context);
    }

private:
    bool rejected_;
};

/// What a server sends that wants to break a report.
inline std::string hostileBody() {
    std::string body = "\x1b[31mred\x1b[0m ]]> <![CDATA[ \xff\xfe\xc0\xaf \xed\xa0\x80 \xef\xbf\xbf & <tag>";
    body.push_back('\0');
    body.append("\r\n\x7f after NUL ]]]>");
    return body;
}

inline httptest::Response answer(httptest::Request const& request) {
    std::string const& target = request.url.target;
    if (target == "/hostile") {
        return httptest::testing::reply(500, "text/html", hostileBody());
    }
    if (target == "/huge") {
        std::string body;
        while (body.size() < 1024 * 1024) {
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
    options.configuration = httptest::Configuration().set("scripted.base_url", "https://api.test");
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

BOOST_AUTO_TEST_CASE(hostile_bodies) {
    session.get("/hostile").send().expectStatus(200); // line: hostile
    session.get("/huge").send().expectStatus(200);    // line: huge
    throw httptest::Error("thrown with " + cases::hostileBody());
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
