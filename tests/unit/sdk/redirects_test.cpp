#include "session_support.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace session_support;
using httptest::RedirectError;

class FollowingRedirects : public HarnessOverScript {
public:
    void redirect(int status, std::string location) {
        transport.reply(httptest::testing::reply(status, "text/plain", "moved", {{"Location", std::move(location)}}));
    }

    httptest::Request sent(std::size_t request) const { return transport.requests().at(request); }

    /// "GET https://… PUT https://…"
    std::string sentAll() const {
        std::string text;
        for (httptest::Request const& request : transport.requests()) {
            text.append(text.empty() ? "" : " ").append(request.method).append(" ").append(request.url.text());
        }
        return text;
    }

    void checkNextOf(int status, std::string const& method, std::string const& body, std::string const& nextMethod);
};

/// What follows a redirect has the method; it has the body, and the headers about it, unless the method changed.
void FollowingRedirects::checkNextOf(int status, std::string const& method, std::string const& body,
                                     std::string const& nextMethod) {
    redirect(status, "/b");
    answer(200);
    auto request = session().request(method, "/a");
    if (!body.empty()) {
        request.body(body, "text/plain").header("Content-Language", "en");
    }
    request.header("X-Kept", "yes").redirects().send();

    httptest::Request const next = transport.requests().back();
    bool const keepsBody = method == nextMethod && !body.empty();
    BOOST_TEST(next.url.text() == "https://api.test/b");
    BOOST_TEST(next.method == nextMethod);
    BOOST_TEST(next.body == (keepsBody ? body : ""));
    BOOST_TEST(next.headers.has("Content-Type") == keepsBody);
    BOOST_TEST(next.headers.has("Content-Language") == keepsBody);
    BOOST_TEST(next.headers.has("X-Kept"));
}

/// Whether a text stands anywhere in what went over the wire.
bool holdsAnywhere(httptest::Request const& request, std::string_view canary) {
    std::string all = request.method + request.url.text() + request.body;
    for (auto const& field : request.headers) {
        all.append(field.name).append(field.value);
    }
    return holds(all, canary);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(Redirects, FollowingRedirects)

BOOST_AUTO_TEST_CASE(are_not_followed_unless_the_request_the_session_or_the_setting_says_so) {
    redirect(302, "/b");
    auto const exchange = session().get("/a").send();
    BOOST_TEST(exchange.status() == 302);
    BOOST_TEST(sentAll() == "GET https://api.test/a");
    redirect(302, "/b");
    answer(200);
    BOOST_TEST(session().withRedirects().get("/a").send().status() == 200);
    redirect(302, "/b");
    BOOST_TEST(session().withRedirects().get("/a").noRedirects().send().status() == 302);
    redirect(302, "/b");
    BOOST_TEST(session().withRedirects().withoutRedirects().get("/a").send().status() == 302);
}

BOOST_AUTO_TEST_CASE(are_followed_where_the_setting_allows_them) {
    options.configuration->set("redirects", "1");
    redirect(302, "/b");
    answer(200);
    BOOST_TEST(session().get("/a").send().status() == 200);
    redirect(302, "/b");
    redirect(302, "/c");
    BOOST_CHECK_THROW(session().get("/a").send(), RedirectError);
}

BOOST_AUTO_TEST_CASE(change_the_method_as_in_rfc_9110_section_15_4) {
    // 301 and 302 let clients make a GET of a POST, as all do; 303 leads to a retrieval; 307 and 308 change nothing.
    std::map<std::string, std::map<int, std::string>> const nextMethods{
        {"GET", {{301, "GET"}, {302, "GET"}, {303, "GET"}, {307, "GET"}, {308, "GET"}}},
        {"HEAD", {{301, "HEAD"}, {302, "HEAD"}, {303, "HEAD"}, {307, "HEAD"}, {308, "HEAD"}}},
        {"POST", {{301, "GET"}, {302, "GET"}, {303, "GET"}, {307, "POST"}, {308, "POST"}}},
        {"PUT", {{301, "PUT"}, {302, "PUT"}, {303, "GET"}, {307, "PUT"}, {308, "PUT"}}},
        {"PATCH", {{301, "PATCH"}, {302, "PATCH"}, {303, "GET"}, {307, "PATCH"}, {308, "PATCH"}}},
        {"DELETE", {{301, "DELETE"}, {302, "DELETE"}, {303, "GET"}, {307, "DELETE"}, {308, "DELETE"}}},
        {"OPTIONS", {{301, "OPTIONS"}, {302, "OPTIONS"}, {303, "GET"}, {307, "OPTIONS"}, {308, "OPTIONS"}}},
    };
    for (auto const& [method, nextByStatus] : nextMethods) {
        for (auto const& [status, nextMethod] : nextByStatus) {
            for (std::string const body : {"payload", ""}) {
                BOOST_TEST_CONTEXT(status << " to " << method << (body.empty() ? " without" : " with") << " a body") {
                    checkNextOf(status, method, body, nextMethod);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(that_are_none_are_the_answer) {
    for (int const status : {300, 304, 305, 306, 309, 200, 201, 404}) {
        redirect(status, "/b");
        BOOST_TEST(session().get("/a").redirects().send().status() == status);
    }
}

BOOST_AUTO_TEST_CASE(resolve_the_location_against_the_url_of_the_hop) {
    redirect(302, "c?x=1#fragment");
    redirect(302, "../d");
    redirect(302, "//api.test/e");
    redirect(302, "?y=2");
    redirect(302, "https://api.test:443/f");
    answer(200);
    auto const exchange = session().get("/a/b?q=0").redirects().send();
    BOOST_TEST(sentAll() ==
               "GET https://api.test/a/b?q=0 GET https://api.test/a/c?x=1 GET https://api.test/d "
               "GET https://api.test/e GET https://api.test/e?y=2 GET https://api.test/f");
    auto const& hops = exchange.hops();
    BOOST_REQUIRE(hops.size() == 5U);
    BOOST_TEST(hops[0].location == "c?x=1#fragment");
    BOOST_TEST(hops[0].status == 302);
    BOOST_TEST(hops[0].method == "GET");
    BOOST_TEST(hops[0].url.text() == "https://api.test/a/b?q=0");
    BOOST_TEST(hops[0].credential);
    BOOST_TEST(exchange.attempts() == 1);
    BOOST_TEST(harness().counters().requests == 1U);
    BOOST_TEST(harness().counters().attempts == 6U);
    for (std::size_t hop = 0; hop < 6; ++hop) {
        BOOST_TEST(authorization(hop) == "Bearer " + tokenOf(1));
        BOOST_TEST(*sent(hop).headers.find("X-Request-ID") == *sent(0).headers.find("X-Request-ID"));
    }
}

BOOST_AUTO_TEST_CASE(whose_location_cannot_be_followed_are_the_answer_with_the_reason) {
    for (char const* location : {"ftp://api.test/", "https://user:hunter2-pw@api.test/", "http://", "/a b", "/\xc3\xa4",
                                 "javascript:alert(1)", "https://api.test:0/"}) {
        redirect(302, location);
        auto const exchange = session().get("/a").redirects().send();
        BOOST_TEST_CONTEXT("'" << location << "'") {
            BOOST_TEST(exchange.status() == 302);
            BOOST_TEST(exchange.body() == "moved");
            BOOST_TEST(holds(exchange.text(), "the redirect was not followed: its Location"), exchange.text());
        }
    }
    answer(302);
    BOOST_TEST(holds(session().get("/a").redirects().send().text(), "it has no Location"));
    transport.reply(httptest::testing::reply(302, "text/plain", "", {{"Location", "/b"}, {"Location", "/c"}}));
    BOOST_TEST(holds(session().get("/a").redirects().send().text(), "two different Locations"));
}

BOOST_AUTO_TEST_CASE(in_a_circle_are_an_error_that_names_the_hops) {
    redirect(302, "/b");
    redirect(307, "/c");
    redirect(308, "/a");
    unsigned const line = __LINE__ + 1;
    BOOST_CHECK_EXCEPTION(session().get("/a").redirects().send(), RedirectError, [&](RedirectError const& error) {
        return holds(error.what(),
                     "in a circle, back to GET https://api.test/a: GET https://api.test/a (302) -> "
                     "GET https://api.test/b (307) -> GET https://api.test/c (308)") &&
               error.location().line == line;
    });
    BOOST_TEST(transport.requestCount() == 3U);
    redirect(302, "");
    BOOST_CHECK_THROW(session().get("/a").redirects().send(), RedirectError);
}

BOOST_AUTO_TEST_CASE(to_the_same_url_with_another_method_are_no_circle) {
    redirect(303, "/a");
    answer(200);
    BOOST_TEST(session().post("/a").body("x", "text/plain").redirects().send().status() == 200);
    BOOST_TEST(sentAll() == "POST https://api.test/a GET https://api.test/a");
}

BOOST_AUTO_TEST_CASE(are_followed_up_to_the_limit_and_no_further) {
    for (int hop = 0; hop < 3; ++hop) {
        redirect(302, "/" + std::to_string(hop));
    }
    answer(200);
    BOOST_TEST(session().get("/a").redirects(3).send().status() == 200);
    for (int hop = 0; hop < 4; ++hop) {
        redirect(302, "/" + std::to_string(hop) + "?access_token=hunter2-token&pad=" + std::string(500, 'x'));
    }
    BOOST_CHECK_EXCEPTION(session().get("/a").redirects(3).send(), RedirectError, [](RedirectError const& error) {
        std::string_view const text = error.what();
        return holds(text, "more than 3 times") && holds(text, "GET https://api.test/a (302) -> ") &&
               !holds(text, "hunter2") && text.size() < 1500;
    });
    BOOST_TEST(transport.requestCount() == 8U);
}

BOOST_AUTO_TEST_CASE(to_another_origin_take_no_credential_along_and_bring_none_back) {
    redirect(307, "https://evil.test/x");
    redirect(307, "https://api.test/back");
    redirect(307, "/again");
    answer(401);
    auto const exchange = session().post("/a").body("data", "text/plain").redirects().send();
    BOOST_TEST(authorization(0) == "Bearer " + tokenOf(1));
    for (std::size_t hop = 1; hop < 4; ++hop) {
        BOOST_TEST(authorization(hop).empty());
        BOOST_TEST(!holdsAnywhere(sent(hop), tokenOf(1)));
        BOOST_TEST(sent(hop).body == "data");
    }
    BOOST_TEST(exchange.status() == 401);
    BOOST_TEST(exchange.attempts() == 1);
    BOOST_TEST(!exchange.attachment().attached());
    BOOST_TEST(exchange.hops().at(0).credential);
    BOOST_TEST(!exchange.hops().at(1).credential);
    BOOST_TEST(script->logins == 1);
    BOOST_TEST(holds(exchange.text(), "redirected to https://evil.test, which gets no credential"), exchange.text());
}

BOOST_AUTO_TEST_CASE(to_another_port_or_scheme_are_to_another_origin) {
    for (char const* location : {"https://api.test:8443/x", "http://api.test/x", "https://api.test.evil.test/x",
                                 "https://sub.api.test/x", "//evil.test/x"}) {
        redirect(302, location);
        answer(200);
        session().get("/a").redirects().send();
        BOOST_TEST(authorization(transport.requestCount() - 1).empty(), location);
    }
}

BOOST_AUTO_TEST_CASE(drop_what_the_test_itself_sent_as_a_credential) {
    std::vector<std::pair<std::string, std::string>> const credentials = {
        {"Authorization", "Basic Y2FuYXJ5OmNhbmFyeQ=="},
        {"Cookie", "sid=canary"},
        {"Proxy-Authorization", "Basic canary"},
        {"X-Api-Key", "canary-key"},
        {"X-Auth-Token", "canary"}};
    for (auto const& [name, value] : credentials) {
        redirect(307, "/here");
        redirect(307, "https://evil.test/x");
        redirect(307, "https://api.test/back");
        answer(200);
        session().get("/a").header(name, value).header("X-Plain", "kept").anonymous().redirects().send();
        std::size_t const first = transport.requestCount() - 4;
        BOOST_TEST(holdsAnywhere(sent(first), value), name);
        BOOST_TEST(holdsAnywhere(sent(first + 1), value), name);
        BOOST_TEST(!holdsAnywhere(sent(first + 2), value), name);
        BOOST_TEST(!holdsAnywhere(sent(first + 3), value), name);
        BOOST_TEST(sent(first + 3).headers.has("X-Plain"));
    }
    BOOST_TEST(script->logins == 0);
}

BOOST_AUTO_TEST_CASE(drop_a_known_secret_whatever_the_header_is_called) {
    httptest::Secret const secret("canary-of-a-secret");
    redirect(307, "https://evil.test/x");
    answer(200);
    session().get("/a").header("X-Mine", "v1 canary-of-a-secret").redirects().send();
    BOOST_TEST(holdsAnywhere(sent(0), "canary"));
    BOOST_TEST(!holdsAnywhere(sent(1), "canary"));
}

BOOST_AUTO_TEST_CASE(drop_a_host_header_of_the_tests_own_with_the_origin) {
    redirect(307, "/b");
    redirect(307, "https://other.test/x");
    answer(200);
    session().get("/a").header("Host", "virtual.test").redirects().send();
    BOOST_TEST(sent(1).headers.has("Host"));
    BOOST_TEST(!sent(2).headers.has("Host"));
}

BOOST_AUTO_TEST_CASE(drop_bad_credentials_too) {
    namespace bad = httptest::bad;
    for (auto const& credential : {bad::garbage(), bad::tampered(), bad::wrongScheme(),
                                   bad::expired(httptest::Secret("canary-expired-token"))}) {
        redirect(307, "/here");
        redirect(307, "https://evil.test/x");
        redirect(307, "https://api.test/back");
        answer(401);
        auto const exchange = session().get("/a").auth(credential).redirects().send();
        std::size_t const first = transport.requestCount() - 4;
        BOOST_TEST(!authorization(first).empty());
        BOOST_TEST(authorization(first + 1) == authorization(first));
        BOOST_TEST(authorization(first + 2).empty());
        BOOST_TEST(authorization(first + 3).empty());
        BOOST_TEST(exchange.attempts() == 1);
    }
}

BOOST_AUTO_TEST_CASE(with_a_credential_in_the_body_are_not_followed_to_another_origin) {
    redirect(307, "https://evil.test/x");
    auto const exchange =
        session().post("/a").form({{"grant_type", "password"}, {"password", "hunter2"}}).redirects().send();
    BOOST_TEST(exchange.status() == 307);
    BOOST_TEST(transport.requestCount() == 1U);
    BOOST_TEST(holds(exchange.text(), "the request's body holds a credential"));
    redirect(303, "https://evil.test/x"); // becomes GET and loses its body
    answer(200);
    BOOST_TEST(session().post("/a").form({{"password", "hunter2"}}).redirects().send().status() == 200);
    BOOST_TEST(!holdsAnywhere(transport.requests().back(), "hunter2"));
}

BOOST_AUTO_TEST_CASE(between_token_origins_keep_the_identitys_credential_alone) {
    options.configuration->set("scripted.token_origins", "https://two.test");
    redirect(307, "https://two.test/x");
    redirect(307, "https://api.test/back");
    answer(200);
    auto const exchange = session().get("/a").header("Cookie", "sid=canary").redirects().send();
    for (std::size_t hop = 0; hop < 3; ++hop) {
        BOOST_TEST(authorization(hop) == "Bearer " + tokenOf(1));
    }
    BOOST_TEST(sent(0).headers.has("Cookie"));
    BOOST_TEST(!sent(1).headers.has("Cookie"));
    BOOST_TEST(!sent(2).headers.has("Cookie"));
    BOOST_TEST(exchange.attachment().attached());
}

BOOST_AUTO_TEST_CASE(into_clear_text_are_refused_where_a_credential_would_go) {
    options.configuration->set("scripted.token_origins", "http://two.test");
    redirect(302, "http://two.test/x");
    BOOST_CHECK_EXCEPTION(session().get("/a").redirects().send(), httptest::Misconfigured,
                          [](auto const& error) { return holds(error.what(), "in clear text"); });
    BOOST_TEST(transport.requestCount() == 1U);
}

BOOST_AUTO_TEST_CASE(from_an_origin_without_credentials_bring_none_to_the_base_url) {
    redirect(302, "https://api.test/x");
    answer(200);
    session().get("https://elsewhere.test/a").redirects().send();
    BOOST_TEST(authorization(0).empty());
    BOOST_TEST(authorization(1).empty());
    BOOST_TEST(script->logins == 0);
}

BOOST_AUTO_TEST_CASE(send_only_the_refused_hop_again) {
    redirect(307, "/b");
    answer(401);
    redirect(307, "/c");
    answer(200);
    auto const exchange = session().post("/a").body("data", "text/plain").redirects().send();
    BOOST_TEST(sentAll() ==
               "POST https://api.test/a POST https://api.test/b POST https://api.test/b "
               "POST https://api.test/c");
    BOOST_TEST(authorization(1) == "Bearer " + tokenOf(1));
    BOOST_TEST(authorization(2) == "Bearer " + tokenOf(2));
    BOOST_TEST(authorization(3) == "Bearer " + tokenOf(2));
    BOOST_TEST(sent(2).body == "data");
    BOOST_TEST(exchange.status() == 200);
    BOOST_TEST(exchange.attempts() == 2);
    BOOST_TEST(exchange.hops().size() == 2U);
    BOOST_TEST(harness().counters().attempts == 4U);
    BOOST_TEST(harness().counters().replays == 1U);
    BOOST_TEST(*sent(3).headers.find("X-Request-ID") == *sent(0).headers.find("X-Request-ID"));
}

BOOST_AUTO_TEST_CASE(have_one_replay_between_them) {
    answer(401);
    redirect(307, "/b");
    answer(401);
    auto const exchange = session().get("/a").redirects().send();
    BOOST_TEST(sentAll() == "GET https://api.test/a GET https://api.test/a GET https://api.test/b");
    BOOST_TEST(exchange.status() == 401);
    BOOST_TEST(exchange.attempts() == 2);
    BOOST_TEST(harness().counters().replays == 1U);
    BOOST_TEST(holds(exchange.text(), "an earlier hop was, and a request has one replay"), exchange.text());
}

BOOST_AUTO_TEST_CASE(end_with_the_requests_time) {
    transport.handle([this](auto const&) {
        script->clock->advance(std::chrono::milliseconds(300));
        return httptest::testing::reply(302, "text/plain", "", {{"Location", "/b"}});
    });
    answer(200);
    BOOST_CHECK_THROW(session().get("/a").anonymous().timeout(std::chrono::milliseconds(250)).redirects().send(),
                      httptest::TimedOut);
}

BOOST_AUTO_TEST_SUITE_END()
