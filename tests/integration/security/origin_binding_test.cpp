#include "unit/sdk/session_support.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

namespace {

using httptest::InvalidRequest;
using httptest::Misconfigured;
using session_support::HarnessOverScript;
using session_support::holds;
using session_support::optionsOf;
using session_support::Script;

/// A harness for this base URL whose server answers 200 to everything.
struct Bound {
    explicit Bound(std::string const& baseUrl) : harness(optionsOf(script, baseUrl)) {}

    bool sendsTokenTo(std::string const& target) const {
        bool const attached = harness.session().get(target).send().attachment().attached();
        bool const sent = script->transport->requests().back().headers.has("Authorization");
        BOOST_TEST(attached == sent, target);
        return sent;
    }

    std::shared_ptr<Script> const script = [] {
        auto made = std::make_shared<Script>();
        made->transport->otherwise([](auto const&) { return httptest::testing::jsonReply(200, "{}"); });
        return made;
    }();
    httptest::Harness const harness;
};

} // namespace

BOOST_AUTO_TEST_SUITE(origin_binding)

// A dot at a name's end is dropped, so that the request goes to the very host that the base URL names.
BOOST_AUTO_TEST_CASE(spellings_of_the_base_urls_origin_get_the_token) {
    Bound const named("https://API.test");
    for (std::string const target : {"/x", "https://api.test/x", "HTTPS://aPi.TeSt/x", "https://api.test:443",
                                     "https://api.test:0443/", "https://api.test?x#y", "https://api.test./x"}) {
        BOOST_TEST(named.sendsTokenTo(target), target);
    }
    Bound const numbered("https://[::1]:8443");
    for (std::string const target : {"https://[0:0:0:0:0:0:0:1]:8443/x", "https://[::0001]:8443/x"}) {
        BOOST_TEST(numbered.sendsTokenTo(target), target);
    }
}

BOOST_AUTO_TEST_CASE(whatever_only_looks_like_it_gets_none) {
    Bound const named("https://api.test");
    for (std::string const target :
         {"https://api.test.evil.test/x", "https://evil.test/api.test", "https://xapi.test/", "https://api.tes/",
          "https://api.test:8443/", "https://api.test:4430/", "http://api.test/", "http://api.test:443/",
          "https://www.api.test/", "https://evil.test/?https://api.test/", "https://evil.test#@api.test/",
          "https://xn--pi-4xa.test/"}) {
        BOOST_TEST(!named.sendsTokenTo(target), target);
    }
    Bound const numbered("https://127.0.0.1");
    for (std::string const target : {"https://[::1]/", "https://localhost/", "https://[::ffff:127.0.0.1]/",
                                     "https://127.0.0.2/", "https://127.0.0.1.evil.test/"}) {
        BOOST_TEST(!numbered.sendsTokenTo(target), target);
    }
    BOOST_TEST(named.script->logins + numbered.script->logins == 0);
}

BOOST_AUTO_TEST_CASE(user_info_and_names_beyond_ascii_are_refused_before_anything_is_sent) {
    Bound const bound("https://api.test");
    for (std::string const target :
         {"https://api.test@evil.test/", "https://api.test:443@evil.test/", "https://user:pw@api.test/",
          "https://api.test%40evil.test/", "https://api.test\\@evil.test/", "https://\xC3\xA4pi.test/",
          "https://api%2Etest/", "https:///x", "https://:443/", "https://[::1/", "https://[::1%25lo]/"}) {
        BOOST_CHECK_EXCEPTION(bound.harness.session().get(target).send(), InvalidRequest,
                              [](auto const& error) { return !holds(error.what(), "pw@"); });
    }
    BOOST_TEST(bound.script->transport->requestCount() == 0U);
    BOOST_TEST(bound.script->logins == 0);
}

BOOST_AUTO_TEST_CASE(no_token_goes_over_clear_text_to_what_only_looks_like_this_machine) {
    for (std::string const url :
         {"http://127.0.0.1.evil.test", "http://localhost.evil.test", "http://evil.localhost.test", "http://0.0.0.0",
          "http://[::]", "http://[::ffff:127.0.0.1]", "http://[::ffff:7f00:1]", "http://2130706433",
          "http://0x7f000001", "http://0177.0.0.1", "http://127.1", "http://126.255.255.255", "http://128.0.0.1"}) {
        std::shared_ptr<Script> const script = std::make_shared<Script>();
        BOOST_CHECK_EXCEPTION(httptest::Harness(optionsOf(script, url)).session().get("/x").send(), httptest::Error,
                              [](auto const& error) {
                                  return dynamic_cast<Misconfigured const*>(&error) != nullptr ||
                                         dynamic_cast<InvalidRequest const*>(&error) != nullptr;
                              });
        BOOST_TEST(script->logins == 0, url);
        BOOST_TEST(script->transport->requestCount() == 0U, url);
    }
}

BOOST_FIXTURE_TEST_CASE(a_redirect_up_down_away_and_back_takes_no_token_along, HarnessOverScript) {
    auto const redirect = [this](std::string const& location) {
        transport.reply(httptest::testing::reply(302, "text/plain", "", {{"Location", location}}));
    };
    for (std::string const away :
         {"http://api.test/x", "https://api.test:8443/x", "//evil.test/x", "https://[::1]/x"}) {
        redirect(away);
        redirect("https://api.test/back");
        answer(200);
        std::size_t const first = transport.requestCount();
        session().get("/a").redirects().send().requireStatus(200);
        BOOST_TEST(!authorization(first).empty(), away);
        BOOST_TEST(authorization(first + 1).empty(), away);
        BOOST_TEST(authorization(first + 2).empty(), away);
    }
    for (std::string const refused : {"https://api.test@evil.test/", "https://user:pw@api.test/", "ftp://api.test/"}) {
        redirect(refused);
        std::size_t const first = transport.requestCount();
        BOOST_TEST(session().get("/a").redirects().send().status() == 302);
        BOOST_TEST(transport.requestCount() == first + 1, refused);
    }
}

BOOST_AUTO_TEST_CASE(an_upgrade_to_https_is_another_origin) {
    Bound const bound("http://localhost:8080");
    BOOST_TEST(bound.sendsTokenTo("/x"));
    BOOST_TEST(!bound.sendsTokenTo("https://localhost:8080/x"));
    BOOST_TEST(!bound.sendsTokenTo("https://localhost/x"));
    BOOST_TEST(!bound.sendsTokenTo("http://localhost/x"));
}

BOOST_AUTO_TEST_SUITE_END()
