#include "recorded_reports.hpp"
#include "session_support.hpp"
#include "support/contains.hpp"
#include "support/golden.hpp"

#include <httptest/error.hpp>
#include <httptest/exchange.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

using namespace session_support;
using namespace std::chrono_literals;
using httptest::testing::jsonReply;

class FailureTextFixture : public RecordedReports, public HarnessOverScript {
public:
    FailureTextFixture() { nameNoBuild(); }
    ~FailureTextFixture() { nameNoBuild(); }
    FailureTextFixture(FailureTextFixture const&) = delete;
    FailureTextFixture& operator=(FailureTextFixture const&) = delete;

    void checkText(std::string const& name, httptest::Exchange const& exchange) {
        exchange.expectStatus(204);
        checkGolden("failure_" + name, failures().back().text + "\n");
    }

    /// What a request comes to that gets no reply.
    void checkNoReply(std::string const& name, httptest::RequestBuilder const& request) {
        try {
            request.send();
            BOOST_ERROR("there was a reply");
        } catch (httptest::Error const& error) {
            checkGolden("failure_" + name, httptest::failureText(error) + "\n");
        }
    }

    httptest::Exchange answered(httptest::Response response) {
        transport.reply(std::move(response));
        return session().get("/api/v1/projects").query("limit", 10).send();
    }

private:
    /// A CI that runs this test does.
    static void nameNoBuild() {
        for (char const* const variable : {"BUILD_TAG", "JOB_NAME", "BUILD_NUMBER"}) {
            ::unsetenv(variable);
        }
    }
};

std::shared_ptr<httptest::ExchangeRecord> record() {
    auto made = std::make_shared<httptest::ExchangeRecord>();
    made->identity = "default";
    made->request.url = httptest::Url::parse("https://api.test/y");
    made->response = jsonReply(200, "{}");
    made->sentAt = httptest::testing::FakeClock().wall();
    return made;
}

/// A provider that is asked for its status alone.
class KnownStatus final : public httptest::AuthProvider {
public:
    explicit KnownStatus(httptest::AuthStatus status) : status_(std::move(status)) {}

    httptest::Attachment authorize(httptest::Request&, httptest::AuthContext const&) override { return {}; }
    httptest::Refusal refused(httptest::Response const&, httptest::Attachment const&) override { return {}; }
    httptest::AuthStatus describe() const override {
        if (status_.fingerprint.empty()) {
            throw std::runtime_error("a foreign provider's trouble");
        }
        return status_;
    }

private:
    httptest::AuthStatus const status_;
};

/// The text of a 401 for a token that was obtained and ends at these times from now.
std::string refusedText(std::chrono::seconds obtained, std::chrono::seconds ends, std::chrono::seconds skew = 0s) {
    auto const made = record();
    auto const clock = std::make_shared<httptest::testing::FakeClock>();
    made->attemptedAt = clock->steady();
    made->attachment = {"0123456789ab", clock->steady() + obtained, clock->steady() + ends};
    clock->advance(1h); // what was known when it was sent counts, not when the text is made
    httptest::AuthStatus status;
    status.fingerprint = "0123456789ab";
    status.clockSkew = skew;
    status.counters.refreshesAhead = 2;
    auto const provider = std::make_shared<KnownStatus>(status);
    made->clock = clock;
    made->provider = provider;
    made->response.status = 401;
    return httptest::Exchange(made).text();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(failure_text, FailureTextFixture)

BOOST_AUTO_TEST_CASE(a_refused_fresh_token) {
    httptest::Response refused = jsonReply(401, R"({"code":401,"message":"unauthorized"})", {{"X-Request-ID", "s-7"}});
    refused.reason = "Unauthorized";
    transport.otherwise([refused](auto const&) { return refused; });
    checkText("401_fresh", session().get("/x").header("X-Request-ID", "r-1").send());
}

BOOST_AUTO_TEST_CASE(a_refused_old_token_whose_successor_cannot_be_had) {
    answer(200);
    session().get("/x").send();
    script->clock->advance(30min);
    script->onLogin = [](int) { throw httptest::CredentialsRejected("invalid_client (check CI_SECRET)"); };
    answer(401);
    checkText("401_no_new_login", session().get("/x").send());
}

BOOST_AUTO_TEST_CASE(a_forbidden_request_of_an_identity_that_may_do_others) {
    answer(200);
    answer(201);
    session().get("/x").send();
    session().get("/x").send();
    checkText("403", answered(jsonReply(403, R"({"code":403,"message":"forbidden"})")));
}

BOOST_AUTO_TEST_CASE(a_forbidden_request_of_an_identity_that_did_nothing_yet) {
    std::string const text = answered(jsonReply(403, "{}")).text();
    BOOST_TEST(::contains(text, "identity 'default' has had no 2xx before: has it any role at all?"), text);
}

BOOST_AUTO_TEST_CASE(replies_to_others_credentials_do_not_count_as_accepted) {
    answer(200);
    session().get("/x").anonymous().send();
    answer(404);
    session().get("/x").send();
    BOOST_TEST(::contains(answered(jsonReply(403, "{}")).text(), "has had no 2xx before"));
}

BOOST_AUTO_TEST_CASE(a_login_page) {
    checkText("html", answered(httptest::testing::reply(200, "text/html", "<html>\n<body>Log in</body>\n</html>")));
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_up) {
    checkText("503",
              answered(httptest::testing::reply(503, "text/plain", "no healthy upstream", {{"Retry-After", "30"}})));
    BOOST_TEST(::contains(answered(jsonReply(429, "{}", {{"Retry-After", "7"}})).text(),
                          "hint: the server limits how often it is asked; it asks to come back in 7.0 s"));
}

BOOST_AUTO_TEST_CASE(a_posted_document_and_a_long_reply) {
    std::string items = R"({"items":[)";
    for (int i = 0; i < 200; ++i) {
        items +=
            R"({"id":)" + std::to_string(i) + R"(,"name":"an item of a list that is long","clientSecret":"hunter2"},)";
    }
    items.back() = ']';
    transport.reply(jsonReply(200, items + "}"));
    checkText("post", session()
                          .post("/api/v1/projects")
                          .anonymous()
                          .body(R"({"name":"it's","quota":{"gpu":2}})", "application/json")
                          .send());
}

BOOST_AUTO_TEST_CASE(hops_connection_and_build) {
    ::setenv("JOB_NAME", "nightly", 1);
    ::setenv("BUILD_NUMBER", "12", 1);
    auto const made = record();
    made->hops = {
        {"POST", httptest::Url::parse("https://api.test/x"), 303, "/y", true},
        {"GET", httptest::Url::parse("https://other.test/z"), 302, "https://api.test/y?token=hunter2", false}};
    auto facts = std::make_shared<httptest::ConnectionFacts>();
    facts->peer = "203.0.113.7:443";
    facts->proxy = "proxy.corp:3128";
    facts->tlsVersion = "TLSv1.3";
    facts->peerIssuer = "CN=Corp CA";
    facts->trustAnchor = "CN=Corp CA";
    made->response.connection = facts;
    made->response.connectionReused = true;
    made->response.timings.total = 12'345us;
    checkText("hops", httptest::Exchange(made));
}

BOOST_AUTO_TEST_CASE(unverified_certificates_are_said_aloud) {
    auto const made = record();
    made->tlsVerified = false;
    auto facts = std::make_shared<httptest::ConnectionFacts>();
    facts->peer = "203.0.113.7:443";
    facts->tlsVersion = "TLSv1.2";
    facts->peerIssuer = "CN=Somebody";
    made->response.connection = facts;
    checkText("unverified", httptest::Exchange(made));
}

BOOST_AUTO_TEST_CASE(a_refused_tokens_age_says_whether_it_is_a_reason) {
    BOOST_TEST(
        ::contains(refusedText(-7200s, -30s), "hint: the token was refused; it had ended 30.0 s before it was sent\n"));
    BOOST_TEST(::contains(refusedText(-7200s, -30s), ", age 7200.0 s, ended 30.0 s before it was sent"));
    BOOST_TEST(::contains(refusedText(-59s, 3600s),
                          "hint: the token was refused; it is 59.0 s old, so its age is no reason\n"));
    BOOST_TEST(::contains(refusedText(-60s, 3600s), "hint: the token was refused\n"));
    BOOST_TEST(::contains(refusedText(-60s, 3600s, 90s),
                          "hint: the token was refused; the server's clock is 90.0 s ahead of ours\n"));
    BOOST_TEST(::contains(refusedText(-60s, 3600s, -5s), "; the server's clock is 5.0 s behind ours\n"));
    BOOST_TEST(::contains(refusedText(-60s, 3600s, 4s), "hint: the token was refused\n"));
    BOOST_TEST(::contains(refusedText(-60s, 3600s), "; 0 logins so far, 2 refreshes ahead\n"));
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_there) {
    transport.otherwise([this](auto const&) -> httptest::Response {
        script->clock->advance(30ms);
        httptest::ConnectFailed error(httptest::Phase::connect,
                                      "GET https://api.test/x: cannot connect: 203.0.113.7:443: Connection refused");
        error.setConnection(std::make_shared<httptest::ConnectionFacts>(), {});
        throw error; // NOLINT(misc-throw-by-value-catch-by-reference,cert-err09-cpp,cert-err61-cpp): a local value
    });
    checkNoReply("no_connection", session().get("/x").header("X-Request-ID", "r-1"));
}

BOOST_AUTO_TEST_CASE(a_certificate_that_nobody_trusts) {
    transport.otherwise([](auto const&) -> httptest::Response {
        throw httptest::TlsError(httptest::Phase::tls, "the certificate's issuer is unknown");
    });
    checkNoReply("tls", session().post("/x").body("{}", "application/json"));
}

BOOST_AUTO_TEST_CASE(a_reply_that_does_not_come_in_time) {
    answer(200);
    session().get("/y").send();
    script->clock->advance(10min);
    transport.otherwise([this](auto const&) -> httptest::Response {
        script->clock->advance(30s);
        throw httptest::TimedOut(httptest::Phase::firstByte, "timed out after 30.0 s while waiting for the reply");
    });
    checkNoReply("timed_out", session().get("/x"));
}

BOOST_AUTO_TEST_CASE(a_proxy_that_wants_a_password) {
    transport.otherwise(
        [](auto const&) -> httptest::Response { throw httptest::ProxyRefused(407, "the proxy answered 407"); });
    checkNoReply("proxy", session().get("/x").anonymous());
}

BOOST_AUTO_TEST_CASE(redirects_that_go_round) {
    transport.otherwise([](auto const& request) {
        return jsonReply(302, "", {{"Location", request.url.target == "/x" ? "/y" : "/x"}});
    });
    checkNoReply("redirect_circle", session().get("/x").redirects());
}

BOOST_AUTO_TEST_CASE(a_login_that_is_refused) {
    script->onLogin = [](int) { throw httptest::CredentialsRejected("invalid_client (check CI_SECRET)"); };
    checkNoReply("login_refused", session().get("/x"));
}

BOOST_AUTO_TEST_CASE(what_never_was_a_request_is_told_by_its_error_alone) {
    try {
        session().get("no-slash").send();
        BOOST_ERROR("it was sent");
    } catch (httptest::Error const& error) {
        BOOST_TEST(httptest::failureText(error) == error.what());
    }
}

BOOST_AUTO_TEST_CASE(long_headers_are_cut) {
    auto const made = record();
    made->response.headers.add("X-Long", std::string(60'000, 'h'));
    std::string const text = httptest::Exchange(made).text();
    BOOST_TEST(::contains(text, "< X-Long: " + std::string(500, 'h') + "…\n"));
    BOOST_TEST(text.size() < 2000U);
}

BOOST_AUTO_TEST_CASE(a_foreign_providers_trouble_loses_no_failure) {
    auto const made = record();
    auto const provider = std::make_shared<KnownStatus>(httptest::AuthStatus{});
    made->provider = provider;
    BOOST_TEST(::contains(httptest::Exchange(made).text(), "< 200"));
}

BOOST_AUTO_TEST_CASE(a_build_tag_says_it_all) {
    ::setenv("BUILD_TAG", "jenkins-nightly-12", 1);
    BOOST_TEST(::contains(httptest::Exchange(record()).text(), ", build jenkins-nightly-12\n"));
    ::unsetenv("BUILD_TAG");
    BOOST_TEST(!::contains(httptest::Exchange(record()).text(), "build"));
}

BOOST_AUTO_TEST_CASE(the_plugins_version_stands_beside_the_providers_name) {
    httptest::AuthStatus status;
    status.provider = "runai";
    status.fingerprint = "0123456789ab";
    auto const provider = std::make_shared<KnownStatus>(status);
    auto const made = record();
    made->provider = provider;
    BOOST_TEST(contains(httptest::Exchange(made).text(), "provider 'runai'\n"));
    made->providerVersion = "1.2.3";
    BOOST_TEST(contains(httptest::Exchange(made).text(), "provider 'runai' 1.2.3\n"));
}

BOOST_AUTO_TEST_CASE(an_encoded_body_is_named_and_a_decoded_one_is_shown) {
    auto const made = record();
    made->response.headers.add("Content-Encoding", "gzip");
    made->response.body = "\x1f\x8b\x08...";
    BOOST_TEST(contains(httptest::Exchange(made).text(), "encoded as gzip (6 bytes in all)"));
    made->response.body = R"({"phase":"Ready"})";
    made->response.bodyDecoded = true;
    BOOST_TEST(contains(httptest::Exchange(made).text(), R"({"phase": "Ready"})"));
}

BOOST_AUTO_TEST_SUITE_END()
