// A suite whose cases fail in every way there is, at a server that echoes secrets: see leaks_test.cpp. What it writes
// must hold none of them. Its suite `planted` writes some, to show that they are found.

#define BOOST_TEST_MODULE leak_probe
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <httptest/boost_test.hpp>
#include <httptest/boost_test_poco.hpp>
#include <httptest/condition.hpp>
#include <httptest/eventually.hpp>
#include <httptest/matchers.hpp>
#include <httptest/pages.hpp>
#include <httptest/parallel.hpp>

#include <nlohmann/json.hpp>

#include "forms.hpp"

#include "support/canary.hpp"

#include <Poco/Exception.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using httptest::CaseFixture;
using httptest::HarnessFixture;

BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture);

std::string const token(canary::accessToken);

/// What the identity's credential is made of: the secret that the server knows too.
std::string const secret = [] {
    char const* const value = std::getenv("LEAK_PROBE_SECRET");
    return std::string(value != nullptr ? value : "no-secret-was-given");
}();

/// The paths of one kind of reply, with each form in one of them.
std::vector<std::string> pathsOf(std::string const& kind) {
    constexpr int formsInReply = 6;
    char const* const count = std::getenv("LEAK_PROBE_FORMS");
    std::vector<std::string> paths;
    for (int from = 0; from < (count != nullptr ? std::stoi(count) : 1); from += formsInReply) {
        paths.push_back("/echo/from-" + std::to_string(from) + "/" + kind);
    }
    return paths;
}

// Without refusals (401), since the server has but one token.
std::vector<std::string> const kindsOfReplies{"json", "text", "page", "headers", "broken-json", "list"};
std::vector<std::string> const kindsOfNoReply{"cut", "malformed", "nonsense"};

/// Runs `action`; its failure that ends the case is reported, and the case goes on.
template <class Action>
void goingOn(Action const& action) {
    try {
        action();
    } catch (httptest::ExpectationFailed const& failure) {
        httptest::report(httptest::Outcome::failed, {}, failure.what());
    } catch (httptest::Error const& error) {
        httptest::report(httptest::Outcome::failed, {}, error.what());
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(replies)

BOOST_DATA_TEST_CASE_F(CaseFixture, fail_every_expectation, data::make(kindsOfReplies), kind) {
    using namespace httptest;
    for (std::string const& path : pathsOf(kind)) {
        Exchange const reply = session.get(path).noReplay().send();
        reply.expectStatus(418)
            .expectStatus({418, 419})
            .expectHeader("X-Debug", "x")
            .expectHeader("X-Echo", contains("never"))
            .expectHeader("Set-Cookie", "x")
            .expectHeader("WWW-Authenticate", matches("^$"))
            .expectBody("x")
            .expectBody(contains("never there"))
            .expectBody(matches("^$"))
            .expectUnder(1ns)
            .expect(status(418))
            .expect(body("x"))
            .expect(header("X-Debug", "x"))
            .expect(json("/message", "x"))
            .expectJson("", "x")
            .expectJson("/message", "x")
            .expectJson("/plain", 1)
            .expectJson("/plain", greaterThan(token))
            .expectJson("/plain", absent())
            .expectJson("/plain/deeper", exists())
            .expectJson("/told", contains("never there"))
            .expectJson("/nested", matches("^$"))
            .expectJson("/access_token", "x")
            .expectJson("/clientSecret", isNull())
            .expectJson("/items", sizeIs(0))
            .expectJson("/items", each("x"))
            .expectJson("/items", unordered({"x", "y"}))
            .expectJson("/items", hasElements({"x", 1}))
            .expectJson("/data", hasMembers({{"password", "x"}, {"name", isNumber()}}))
            .expectJson("/data", allOf({isObject(), hasMembers({{"missing", 1}})}))
            .expectJsonLike({{"plain", "x"}, {"items", {"x"}}, {"data", {{"password", "y"}}}, {"id", 8}});
    }
}

BOOST_DATA_TEST_CASE_F(CaseFixture, fail_although_a_secret_is_what_was_expected, data::make(kindsOfReplies), kind) {
    using namespace httptest;
    session.get("/echo/from-3/" + kind)
        .noReplay()
        .send()
        .expectHeader("X-Request-ID", token)
        .expectBody(secret)
        .expectBody(contains(secret + token))
        .expectBody(matches(token + "$"))
        .expectJson("/message", token)
        .expectJson("/items", oneOf({secret, token}))
        .expectJson("/" + token, secret)
        .expectJsonLike({{token, secret}, {"plain", {{"inner", token}}}});
}

BOOST_DATA_TEST_CASE_F(CaseFixture, fail_captures, data::make(kindsOfReplies), kind) {
    httptest::Exchange const reply = session.get("/echo/from-9/" + kind).noReplay().send();
    goingOn([&] { reply.capture<int>("/message"); });
    goingOn([&] { reply.capture<bool>("/plain"); });
    goingOn([&] { reply.capture<std::string>("/missing"); });
    goingOn([&] { reply.capture<std::string>("/" + token); });
    goingOn([&] { reply.capture<std::string>(token); });
    goingOn([&] { static_cast<void>(reply.json()); });
    goingOn([&] { reply.requireStatus(418); });
    goingOn([&] { reply.requireJson("/plain", "x"); });
}

BOOST_DATA_TEST_CASE_F(CaseFixture, are_cut_within_a_secret, data::make({"long", "long-json"}), kind) {
    // Around the limits of a value, a header and a body in reports and in the trace.
    for (int const limit : {60, 100, 200, 350, 400, 480, 500, 1000, 2000}) {
        for (int before = limit - 46; before <= limit + 2; before += 6) {
            session.get(std::string("/echo/") + kind + "/" + std::to_string(before))
                .send()
                .expectStatus(418)
                .expectBody("x")
                .expectHeader("X-Long", "x")
                .expectJson("/message", "x")
                .expectJsonLike({{"message", "x"}});
        }
    }
}

BOOST_DATA_TEST_CASE_F(CaseFixture, that_are_none_are_errors, data::make(kindsOfNoReply), kind) {
    for (std::string const& path : pathsOf(kind)) {
        goingOn([&] { session.get(path).send(); });
    }
}

BOOST_DATA_TEST_CASE_F(CaseFixture, that_are_none_end_the_case, data::make(kindsOfNoReply), kind) {
    session.get("/echo/" + kind).send();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(requests)

BOOST_FIXTURE_TEST_CASE(hold_secrets_in_every_part, CaseFixture) {
    for (std::string const& text : {secret, token}) {
        session.get("/echo/json").query("q", text).query("token", text).send().expectStatus(418);
        session.get("/echo/{part}/json").path("part", text).send().expectStatus(418);
        session.get("/echo/json").header("X-Mine", text).header("Cookie", "a=" + text).send().expectStatus(418);
        session.get("/echo/json").header("Authorization", "Bearer " + text).send().expectStatus(418);
        session.post("/echo/json").body("x" + text + "y", "text/plain").send().expectStatus(418);
        session.post("/echo/json").form({{"a", text}, {"client_secret", text}}).send().expectStatus(418);
        session.post("/echo/json").json({{"a", text}, {"deep", {{"b", text}}}}).send().expectStatus(418);
        session.post("/echo/json").multipart(httptest::Multipart().field("a", text)).send().expectStatus(418);
        session.request("PATCH", "/echo/text").body("'" + text + "'", "text/plain").send().expectStatus(418);
    }
}

BOOST_DATA_TEST_CASE_F(CaseFixture, have_bad_credentials, data::make(httptest::bad::all()), credential) {
    session.get("/echo/refusal").auth(credential).send().expectStatus(418);
}

BOOST_FIXTURE_TEST_CASE(have_an_expired_credential, CaseFixture) {
    session.get("/echo/refusal").auth(httptest::bad::expired(httptest::Secret(token))).send().expectStatus(418);
}

BOOST_FIXTURE_TEST_CASE(are_wrong, CaseFixture) {
    for (std::string const& text : {secret, token}) {
        goingOn([&] { session.get(text).send(); });
        goingOn([&] { session.get("/x").header(text + "\n", "x").send(); });
        goingOn([&] { session.get("/x").header("X-Mine", text + "\r\n").send(); });
        goingOn([&] { session.get("/{" + text + "}").send(); });
        goingOn([&] { session.get("http://user:" + text + "@127.0.0.1/").send(); });
        goingOn([&] { session.request(text + " ", "/x").send(); });
        goingOn([&] { session.get("/x").identity(text).send(); });
        goingOn([&] { session.get("/x?" + text + "\x7f").send(); });
    }
}

BOOST_FIXTURE_TEST_CASE(are_redirected_in_a_circle, CaseFixture) {
    for (std::string const& path : pathsOf("redirect")) {
        session.get(path).send().expectStatus(418);
        goingOn([&] { session.get(path).redirects(3).send(); });
    }
}

BOOST_FIXTURE_TEST_CASE(wait_in_vain, CaseFixture) {
    goingOn([&] {
        httptest::eventually(session.get("/echo/from-0/json").query("token", token))
            .within(60ms)
            .every(20ms)
            .until(httptest::json("/plain", "x"));
    });
    goingOn(
        [&] { httptest::eventually(session.get("/echo/cut")).within(60ms).every(20ms).until(httptest::status(200)); });
}

BOOST_FIXTURE_TEST_CASE(ask_for_pages, CaseFixture) {
    for (std::string const& path : pathsOf("list")) {
        goingOn([&] { httptest::pages(session, path).expectNoDuplicates("/id"); });
        goingOn([&] { httptest::pages(session, path).items("/" + token).expectCount(3); });
    }
    goingOn([&] { httptest::pages(session, "/echo/text").expectCount(3); });
}

BOOST_FIXTURE_TEST_CASE(fail_in_threads, CaseFixture) {
    httptest::parallel(3, [&](std::size_t) {
        session.get("/echo/from-0/json").query("token", token).send().expectStatus(418).expectJson("/plain", "x");
    });
}

BOOST_FIXTURE_TEST_CASE(leave_things_behind, CaseFixture) {
    cleanup.add(session.del("/echo/json"), {418});
    cleanup.add(session.del("/echo/json").query("token", token), {418});
    cleanup.add(session.del("/echo/{part}/json").path("part", secret), {418});
    cleanup.add(session.del("/echo/cut"));
}

BOOST_FIXTURE_TEST_CASE(leave_things_behind_for_the_sweep, CaseFixture, *boost::unit_test::disabled()) {
    session.get("/login").send(); // a token that was never got is not known
    cleanup.add(session.del("/echo/json"));
    cleanup.add(session.del("/echo/json").query("q", token));
    cleanup.add(session.del("/echo/{part}/json").path("part", secret));
    session.get("/slow").send();
}

BOOST_FIXTURE_TEST_CASE(wait_for_a_reply, CaseFixture, *boost::unit_test::disabled()) {
    session.get("/slow").query("access_token", token).query("q", secret).header("X-Mine", token).send();
}

BOOST_AUTO_TEST_SUITE_END()

/// Runs with harnesses of their own, whose logins fail.
BOOST_AUTO_TEST_SUITE(logins)

BOOST_AUTO_TEST_CASE(fail) {
    std::string const names = std::getenv("LEAK_PROBE_BAD_LOGINS"); // separated by ','
    std::string const server = std::getenv("RUNAI_BASE_URL");
    for (std::size_t begin = 0, end = 0; begin < names.size(); begin = end + 1) {
        end = std::min(names.find(',', begin), names.size());
        for (std::string const& path : pathsOf("")) {
            goingOn([&] {
                httptest::HarnessOptions options;
                options.configuration = httptest::Configuration::fromEnvironment().set(
                    "runai.base_url", server + names.substr(begin, end - begin) + path);
                httptest::Harness const harness(options);
                harness.session().get("/x").timeout(60ms).send();
            });
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(exceptions)

BOOST_AUTO_TEST_CASE(of_pocos_leave_a_case) {
    throw Poco::IOException("while sending " + token, secret);
}

BOOST_AUTO_TEST_CASE(of_ours_leave_a_case) {
    throw httptest::Misconfigured("while sending " + token + " and " + secret);
}

BOOST_AUTO_TEST_CASE(of_logins_leave_a_case) {
    throw httptest::BadLoginReply("while sending " + token + " and " + secret);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_FIXTURE_TEST_CASE(of_no_credential, CaseFixture) {
    for (std::string const& path : pathsOf("refusal")) {
        session.get(path).anonymous().send().expectStatus(418).expectHeader("WWW-Authenticate", "x");
    }
}

// The last case: there is no other token.
BOOST_FIXTURE_TEST_CASE(of_the_token, CaseFixture) {
    session.get("/echo/from-0/refusal").timeout(300ms).send().expectStatus(418);
    session.get("/echo/from-0/refusal").timeout(300ms).send().expectStatus(418);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(planted, *boost::unit_test::disabled())

BOOST_AUTO_TEST_CASE(on_standard_streams) {
    for (leaks::Form const& form : leaks::formsOf(secret)) {
        std::cout << "planted " << form.text << std::endl;
        std::cerr << "planted " << form.text << std::endl;
    }
}

BOOST_AUTO_TEST_CASE(in_a_failure) {
    BOOST_TEST(secret.empty(), "planted " << secret);
}

BOOST_AUTO_TEST_CASE(in_temporary_files) {
    for (leaks::Form const& form : leaks::formsOf(secret)) {
        std::ofstream(std::string(std::getenv("TMPDIR")) + "/" + form.name) << form.text;
    }
}

BOOST_AUTO_TEST_CASE(in_a_programs_arguments_and_environment) {
    ::setenv("PLANTED", secret.c_str(), 1);
    BOOST_TEST(std::system("sh -c 'sleep 0.3; :' \"$PLANTED\"") == 0); // NOLINT(cert-env33-c): it is what is tested
}

BOOST_AUTO_TEST_SUITE_END()
