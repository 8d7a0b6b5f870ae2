#include "session_support.hpp"

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <thread>

namespace {

using namespace session_support;
using httptest::InvalidRequest;
using httptest::Misconfigured;

} // namespace

BOOST_FIXTURE_TEST_SUITE(session, HarnessOverScript)

BOOST_AUTO_TEST_CASE(each_method_is_sent_with_the_token_and_one_login) {
    transport.otherwise([](auto const&) { return httptest::testing::jsonReply(200, "{}"); });
    httptest::Session const s = session();
    for (auto const& builder : {s.get("/x"), s.head("/x"), s.post("/x"), s.put("/x"), s.patch("/x"), s.del("/x"),
                                s.options("/x"), s.request("REPORT", "/x")}) {
        builder.send();
    }
    std::string methods;
    for (httptest::Request const& request : transport.requests()) {
        methods.append(request.method).append(" ");
        BOOST_TEST(*request.headers.find("Authorization") == "Bearer " + tokenOf(1));
        BOOST_TEST(request.url.text() == "https://api.test/x");
    }
    BOOST_TEST(methods == "GET HEAD POST PUT PATCH DELETE OPTIONS REPORT ");
    BOOST_TEST(script->logins == 1);
    BOOST_TEST(harness().counters().requests == 8U);
    BOOST_TEST(harness().counters().attempts == 8U);
}

BOOST_AUTO_TEST_CASE(a_401_is_replayed_once_with_a_new_token) {
    answer(401);
    answer(200);
    auto const exchange = session().post("/x").body("payload", "text/plain").send();
    BOOST_TEST(exchange.status() == 200);
    BOOST_TEST(exchange.attempts() == 2);
    BOOST_TEST(authorization(0) == "Bearer " + tokenOf(1));
    BOOST_TEST(authorization(1) == "Bearer " + tokenOf(2));
    BOOST_TEST(transport.requests().at(1).body == "payload");
}

BOOST_AUTO_TEST_CASE(a_401_for_the_replay_is_the_answer) {
    transport.otherwise([](auto const&) { return httptest::testing::jsonReply(401, R"({"code":40100})"); });
    auto const exchange = session().get("/x").send();
    BOOST_TEST(exchange.status() == 401);
    BOOST_TEST(exchange.attempts() == 2);
    BOOST_TEST(transport.requestCount() == 2U);
    BOOST_TEST(script->logins == 2);
    BOOST_TEST(holds(exchange.text(), "the replay was refused too"));
}

BOOST_AUTO_TEST_CASE(a_login_that_fails_for_the_replay_leaves_the_401_with_its_reason) {
    script->onLogin = [](int login) {
        if (login > 1) {
            throw httptest::CredentialsRejected("could not log in: invalid_client for " + tokenOf(1));
        }
    };
    answer(401);
    auto const exchange = session().get("/x").send();
    BOOST_TEST(exchange.status() == 401);
    BOOST_TEST(exchange.attempts() == 1);
    BOOST_TEST(holds(exchange.text(), "no replay, since the new login failed: could not log in: invalid_client"));
    BOOST_TEST(!holds(exchange.text(), tokenOf(1)));
    BOOST_TEST(holds(exchange.text(), exchange.attachment().fingerprint));
}

BOOST_AUTO_TEST_CASE(only_a_401_is_replayed) {
    for (int const status : {200, 302, 400, 403, 407, 429, 500, 503}) {
        answer(status);
        BOOST_TEST(session().get("/x").send().attempts() == 1);
    }
    BOOST_TEST(script->logins == 1);
}

BOOST_AUTO_TEST_CASE(an_authorization_header_of_the_tests_own_is_left_alone_and_not_replayed) {
    answer(401);
    auto const exchange = session().get("/x").header("authorization", "Basic dGVzdDpvd24=").send();
    BOOST_TEST(authorization(0) == "Basic dGVzdDpvd24=");
    BOOST_TEST(exchange.attempts() == 1);
    BOOST_TEST(script->logins == 0);
    BOOST_TEST(holds(exchange.text(), "the test's own Authorization header"));
    BOOST_TEST(!holds(exchange.text(), "dGVzdDpvd24"));
}

BOOST_AUTO_TEST_CASE(an_anonymous_request_carries_nothing_and_says_so) {
    answer(401);
    answer(403);
    auto const exchange = session().get("/x").anonymous().send();
    BOOST_TEST(authorization(0).empty());
    BOOST_TEST(exchange.attempts() == 1);
    BOOST_TEST(script->logins == 0);
    BOOST_TEST(holds(exchange.text(), "sent without a credential, as the test asked"));
    BOOST_TEST(!holds(session().get("/x").anonymous().send().text(), "token was accepted"));
}

BOOST_AUTO_TEST_CASE(only_the_base_urls_origin_and_token_origins_get_the_token) {
    options.configuration->set("scripted.token_origins", "https://two.test:8443, HTTPS://Three.test");
    transport.otherwise([](auto const&) { return httptest::testing::jsonReply(200, "{}"); });
    for (char const* with :
         {"https://API.test/y", "https://api.test:443/y", "https://two.test:8443/y", "https://three.test/"}) {
        auto const exchange = session().get(with).send();
        BOOST_TEST(exchange.attachment().attached(), with);
    }
    for (char const* without :
         {"https://api.test:444/y", "http://api.test/y", "http://api.test:443/y", "https://two.test/y",
          "https://evil.test/y", "https://api.test.evil.test", "https://three.test:8443/", "https://127.0.0.1/"}) {
        auto const exchange = session().get(without).send();
        BOOST_TEST(!exchange.attachment().attached(), without);
        BOOST_TEST(!transport.requests().back().headers.has("Authorization"), without);
        BOOST_TEST(holds(exchange.text(), "is neither the base URL's origin nor one of token_origins"));
    }
    BOOST_CHECK_THROW(session().get("https://user:pw@api.test/").send(), InvalidRequest);
}

BOOST_AUTO_TEST_CASE(a_path_cannot_change_the_host) {
    transport.otherwise([](auto const&) { return httptest::testing::jsonReply(200, "{}"); });
    for (char const* path : {"//evil.test/x", "/@evil.test", "/x?u=https://evil.test/", "/\\evil.test", "/:80"}) {
        session().get(path).send();
        BOOST_TEST(transport.requests().back().url.origin.host == "api.test", path);
    }
    for (char const* path : {"", "x", "evil.test/x", "@evil.test", "?x", ".evil.test", ":80/x"}) {
        BOOST_CHECK_THROW(session().get(path).send(), InvalidRequest);
    }
}

BOOST_AUTO_TEST_CASE(clear_text_is_refused_beyond_loopback_unless_allowed) {
    for (auto const& [url, allowed, sent] : {std::tuple{"http://api.test", "false", false},
                                             {"http://api.test", "true", true},
                                             {"http://localhost:1", "false", true},
                                             {"http://[::1]", "false", true},
                                             {"http://127.0.0.1.evil.test", "false", false}}) {
        auto const other = std::make_shared<Script>();
        other->transport->otherwise([](auto const&) { return httptest::testing::jsonReply(200, "{}"); });
        httptest::HarnessOptions theirs = optionsOf(other, url);
        theirs.configuration->set("scripted.allow_insecure_http", allowed);
        httptest::Harness const clear(theirs);
        if (sent) {
            BOOST_TEST(clear.session().get("/x").send().attachment().attached(), url);
        } else {
            BOOST_CHECK_EXCEPTION(clear.session().get("/x").send(), Misconfigured, [](auto const& error) {
                return holds(error.what(), "SCRIPTED_ALLOW_INSECURE_HTTP");
            });
            BOOST_TEST(other->logins == 0);
            BOOST_TEST(clear.session().get("/x").anonymous().send().status() == 200);
        }
    }
}

BOOST_AUTO_TEST_CASE(paths_are_filled_and_queries_appended_percent_encoded) {
    options.configuration->set("scripted.base_url", "https://api.test/prefix/");
    transport.otherwise([](auto const&) { return httptest::testing::jsonReply(200, "{}"); });
    session()
        .get("/p/{id}/{n}/{id}?a=b")
        .path("id", "a/b ?#%..")
        .path("n", 7)
        .query("q", "x&y=z")
        .query("q", "2")
        .query("n", -1)
        .query("on", true)
        .query("ratio", 0.5)
        .send();
    BOOST_TEST(urlOf(0) ==
               "https://api.test/prefix/p/a%2Fb%20%3F%23%25../7/a%2Fb%20%3F%23%25..?a=b&q=x%26y%3Dz&q=2&n=-1"
               "&on=true&ratio=0.5");
    session().get("/").send();
    BOOST_TEST(urlOf(1) == "https://api.test/prefix/");
}

BOOST_AUTO_TEST_CASE(paths_that_are_not_filled_as_meant_are_refused) {
    auto const s = session();
    BOOST_CHECK_THROW(s.get("/p/{id}").send(), InvalidRequest);
    BOOST_CHECK_THROW(s.get("/p/{id").path("id", "x").send(), InvalidRequest);
    BOOST_CHECK_THROW(s.get("/p").path("id", "x").send(), InvalidRequest);
    for (char const* value : {"", ".", ".."}) {
        BOOST_CHECK_THROW(s.get("/p/{id}").path("id", value).send(), InvalidRequest);
    }
    BOOST_TEST(transport.requestCount() == 0U);
}

BOOST_AUTO_TEST_CASE(json_is_sent_as_such_and_errors_know_the_line) {
    answer(200);
    session().post("/x").json(nlohmann::json{{"a", 1}}).send();
    BOOST_TEST(transport.requests().at(0).body == R"({"a":1})");
    BOOST_TEST(*transport.requests().at(0).headers.find("Content-Type") == "application/json");
    transport.fail<httptest::ConnectFailed>(httptest::Phase::connect, "refused");
    unsigned const line = __LINE__ + 1;
    BOOST_CHECK_EXCEPTION(session().get("/x").send(), httptest::ConnectFailed, [line](auto const& error) {
        return error.location().line == line && holds(error.location().file, "session_test");
    });
}

BOOST_AUTO_TEST_CASE(one_timeout_holds_for_all_of_a_request) {
    answer(200);
    session().get("/x").send(); // logged in
    transport.hold();
    answer(200);
    std::jthread const time([this] {
        script->transport->waitForHeld(1);
        script->clock->advance(std::chrono::milliseconds(250));
    });
    BOOST_CHECK_THROW(session().get("/x").timeout(std::chrono::milliseconds(250)).send(), httptest::TimedOut);
}

BOOST_AUTO_TEST_SUITE_END()
