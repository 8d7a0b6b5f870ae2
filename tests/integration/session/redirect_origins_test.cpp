#include "integration/session/session_over_network.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using session_over_network::SessionOverNetwork;
using session_support::holds;
using session_support::tokenOf;

constexpr char const* canary = "canary-of-the-tests-own";

} // namespace

BOOST_FIXTURE_TEST_SUITE(redirect_origins, SessionOverNetwork)

BOOST_AUTO_TEST_CASE(no_credential_ever_reaches_another_origin_on_any_road) {
    for (int const status : {301, 302, 303, 307, 308}) {
        for (bool const back : {false, true}) {
            auto const road = [&] {
                api.redirect(status, "/step");
                api.redirect(status, other.url("/evil"));
                other.redirect(status, "/deeper");
                other.redirect(status, back ? api.url("/back") : "/end");
            };
            auto const s = session().withRedirects();
            std::size_t const before = api.requests().size();
            road();
            s.post("/a").body("harmless", "text/plain").send().requireStatus(200);
            for (char const* name : {"Authorization", "Cookie", "X-Api-Key", "Proxy-Authorization", "X-Auth-Token"}) {
                road();
                s.get("/a").header(name, canary).send().requireStatus(200);
            }
            road();
            s.get("/a").auth(httptest::bad::tampered()).send().requireStatus(200);
            auto const requests = api.requests();
            for (std::size_t at = before; at < requests.size(); ++at) {
                bool const hadItsCredential =
                    !requests[at].starts_with("GET /back") && !requests[at].starts_with("POST /back");
                bool const has = holds(requests[at], "Authorization: ") || holds(requests[at], canary);
                BOOST_TEST(has == hadItsCredential, requests[at]);
            }
        }
    }
    std::string const elsewhere = other.received();
    BOOST_TEST(holds(elsewhere, "/evil HTTP/1.1"));
    for (std::string const& secret : {tokenOf(1), tokenOf(1).substr(0, 12), std::string(canary), std::string("Bearer"),
                                      std::string("Authorization"), std::string("Cookie")}) {
        BOOST_TEST(!holds(elsewhere, secret), secret << " reached another origin");
    }
    BOOST_TEST(script->logins == 1);
}

BOOST_AUTO_TEST_CASE(a_token_refused_on_a_later_hop_is_replaced_there) {
    api.redirect(307, "/b");
    api.refuse();
    auto const exchange = session().post("/a").body("data", "text/plain").redirects().send();
    BOOST_TEST(exchange.status() == 200);
    auto const requests = api.requests();
    BOOST_REQUIRE(requests.size() == 3U);
    BOOST_TEST(requests[1].starts_with("POST /b "));
    BOOST_TEST(holds(requests[1], tokenOf(1)));
    BOOST_TEST(requests[2].starts_with("POST /b "));
    BOOST_TEST(holds(requests[2], tokenOf(2)));
    BOOST_TEST(requests[2].ends_with("\r\n\r\ndata"));
}

BOOST_AUTO_TEST_CASE(a_401_of_another_origin_costs_no_token) {
    api.redirect(302, other.url("/x"));
    other.refuse();
    auto const exchange = session().get("/a").redirects().send();
    BOOST_TEST(exchange.status() == 401);
    BOOST_TEST(exchange.attempts() == 1);
    session().get("/again").send();
    BOOST_TEST(holds(api.requests().back(), tokenOf(1)));
    BOOST_TEST(script->logins == 1);
}

BOOST_AUTO_TEST_SUITE_END()
