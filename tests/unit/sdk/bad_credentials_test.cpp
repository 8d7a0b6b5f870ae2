#include "session/bad_authorization.hpp"
#include "session_support.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

namespace {

using namespace session_support;
namespace bad = httptest::bad;

struct Refusing : HarnessOverScript {
    Refusing() {
        transport.otherwise([](auto const&) { return httptest::testing::jsonReply(401, R"({"code":40100})"); });
    }

    /// Sends once, is answered with 401, and leaves it at that.
    std::string sent(httptest::BadCredential const& credential) {
        auto const before = transport.requestCount();
        auto const exchange = session().get("/x").auth(credential).send();
        BOOST_TEST(exchange.status() == 401);
        BOOST_TEST(exchange.attempts() == 1);
        BOOST_TEST(!exchange.attachment().attached());
        BOOST_TEST(transport.requestCount() == before + 1);
        BOOST_TEST(holds(exchange.text(), "sent with a bad credential on purpose: " + describe(credential)));
        return authorization(before);
    }
};

/// Attaches a key in a header of its own.
class KeyProvider final : public httptest::AuthProvider {
public:
    httptest::Attachment authorize(httptest::Request& request, httptest::AuthContext const&) override {
        request.headers.set("X-Api-Key", "the-key");
        return {"key"};
    }
    httptest::Refusal refused(httptest::Response const&, httptest::Attachment const&) override { return {}; }
    httptest::AuthStatus describe() const override { return {}; }
};

class KeyFactory final : public httptest::ProviderFactory {
public:
    std::string name() const override { return "scripted"; }
    std::vector<httptest::SettingSpec> settings() const override { return {}; }
    std::unique_ptr<httptest::AuthProvider> create(httptest::ProviderContext const&) const override {
        return std::make_unique<KeyProvider>();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(bad_credentials, Refusing)

BOOST_AUTO_TEST_CASE(each_is_sent_once_and_costs_no_login) {
    BOOST_TEST(sent(bad::garbage()).starts_with("Bearer httptest-garbage"));
    BOOST_TEST(sent(bad::wrongScheme()).starts_with("Basic "));
    BOOST_TEST(sent(bad::empty()) == "Bearer ");
    BOOST_TEST(sent(bad::expired(httptest::Secret("expired-token-text"))) == "Bearer expired-token-text");
    BOOST_TEST(script->logins == 0);
}

BOOST_AUTO_TEST_CASE(a_tampered_token_is_the_real_one_but_for_a_letter_and_leaves_that_in_use) {
    std::string const tampered = sent(bad::tampered());
    std::string const real = "Bearer " + tokenOf(1);
    BOOST_REQUIRE(tampered.size() == real.size());
    int differences = 0;
    for (std::size_t i = 0; i < real.size(); ++i) {
        differences += real[i] != tampered[i] ? 1 : 0;
    }
    BOOST_TEST(differences == 1);
    BOOST_TEST(script->logins == 1);
    transport.reply(httptest::testing::jsonReply(200, "{}"));
    BOOST_TEST(session().get("/x").send().status() == 200);
    BOOST_TEST(authorization(1) == real);
    BOOST_TEST(script->logins == 1);
}

BOOST_AUTO_TEST_CASE(what_a_server_echoes_of_a_tampered_token_is_not_shown) {
    transport.handle([](httptest::Request const& request) {
        return httptest::testing::jsonReply(401, "you sent " + *request.headers.find("Authorization"));
    });
    auto const exchange = session().get("/x").auth(bad::tampered()).send();
    BOOST_TEST(exchange.body().size() > 20U);
    BOOST_TEST(!holds(exchange.text(), exchange.body().substr(std::string("you sent Bearer ").size())));
}

BOOST_AUTO_TEST_CASE(the_signature_of_a_jwt_is_what_changes) {
    BOOST_TEST(httptest::tamperedAuthorization("Bearer aaa.bbb.cccc") == "Bearer aaa.bbb.Accc");
    BOOST_TEST(httptest::tamperedAuthorization("Bearer aaa.bbb.Accc") == "Bearer aaa.bbb.Bccc");
    BOOST_TEST(httptest::tamperedAuthorization("Bearer aaa.bbb.") == "Bearer aaa.Abb.");
    BOOST_TEST(httptest::tamperedAuthorization("Bearer x") == "Bearer A");
    BOOST_TEST(httptest::tamperedAuthorization("Bearer ").empty());
    BOOST_TEST(httptest::tamperedAuthorization("ApiKey x").empty());
}

BOOST_AUTO_TEST_CASE(there_is_nothing_to_tamper_with_where_a_provider_attaches_no_bearer_token) {
    options.providers = {std::make_shared<KeyFactory>()};
    BOOST_CHECK_EXCEPTION(
        session().get("/x").auth(bad::tampered()).send(), httptest::Misconfigured,
        [](httptest::Misconfigured const& error) { return holds(error.what(), "attaches no bearer token"); });
    BOOST_TEST(transport.requestCount() == 0U);
}

BOOST_AUTO_TEST_CASE(the_token_of_another_identity_is_borrowed) {
    session();
    harness().identityWith("other", {});
    std::string const value = sent(bad::of("other"));
    BOOST_TEST(value == "Bearer " + tokenOf(1));
    BOOST_TEST(harness().auth("other").counters.logins == 1U);
    BOOST_TEST(harness().auth("other").counters.refusals == 0U);
    BOOST_TEST(harness().auth().counters.logins == 0U);
    BOOST_CHECK_THROW(session().get("/x").auth(bad::of("zzz")).send(), httptest::Misconfigured);
}

BOOST_AUTO_TEST_CASE(none_goes_to_an_origin_that_the_real_one_must_not_go_to) {
    harness().identityWith("elsewhere", {{"base_url", "https://other.test"}});
    for (auto const& credential : {bad::garbage(), bad::tampered(), bad::wrongScheme(), bad::empty(),
                                   bad::expired(httptest::Secret("expired-token-text")), bad::of("elsewhere")}) {
        auto const exchange = session().get("https://evil.test/x").auth(credential).send();
        BOOST_TEST(!transport.requests().back().headers.has("Authorization"));
        BOOST_TEST(holds(exchange.text(), "is neither the base URL's origin nor one of token_origins"));
    }
    auto const exchange = session().get("/x").auth(bad::of("elsewhere")).send();
    BOOST_TEST(!transport.requests().back().headers.has("Authorization"));
    BOOST_TEST(script->logins == 0);
}

BOOST_AUTO_TEST_CASE(the_last_wish_holds_and_a_header_of_the_tests_own_is_another) {
    auto exchange = session().get("/x").auth(bad::garbage()).anonymous().send();
    BOOST_TEST(!transport.requests().back().headers.has("Authorization"));
    exchange = session().get("/x").anonymous().auth(bad::garbage()).send();
    BOOST_TEST(transport.requests().back().headers.has("Authorization"));
    BOOST_CHECK_THROW(session().get("/x").header("Authorization", "x").auth(bad::garbage()).send(),
                      httptest::InvalidRequest);
}

BOOST_AUTO_TEST_SUITE_END()
