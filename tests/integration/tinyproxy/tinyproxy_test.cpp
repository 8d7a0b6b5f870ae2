#include "tinyproxy.hpp"

#include "integration/transport_support.hpp"

#include <httptest/configuration.hpp>
#include <httptest/harness.hpp>
#include <httptest/testing/stub_server.hpp>
#include <httptest/testing/temporary_folder.hpp>
#include <httptest/testing/test_ca.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

using namespace httptest;
using namespace httptest::testing;

namespace {

/// Reaches this machine's loopback like any other address, but is not one that goes round the proxy.
constexpr char const* host = "0.0.0.0";

constexpr char const* loginReply = "{\"access_token\":\"token-through-a-proxy\",\"expires_in\":3600}";

/// Gives a token to whoever asks, and answers everything else with "ok".
void answerLikeAControlPlane(StubConnection& connection) {
    for (;;) {
        bool const login = connection.readRequest().find("/api/v2/token") != std::string::npos;
        std::string const body = login ? loginReply : "ok";
        connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                        std::to_string(body.size()) + "\r\n\r\n" + body);
    }
}

struct BehindProxy {
    TestCa ca{"Proxy Test CA"};
    TemporaryFolder folder;
    StubServer server{answerLikeAControlPlane, [this] {
                          auto const leaf = ca.issue({.ipAddresses = {host}});
                          return StubOptions{.tls = StubTls{.certificatePem = leaf.certificatePem,
                                                            .privateKeyPem = leaf.privateKeyPem}};
                      }()};

    TransportSettings through(Tinyproxy const& proxy, std::string const& userInfo = {}) const {
        TransportSettings settings;
        settings.proxyUrl = urlOf(proxy, userInfo);
        settings.tls.caFile = folder.write("ca.pem", ca.certificatePem());
        settings.tls.systemCas = false;
        return settings;
    }

    static std::string urlOf(Tinyproxy const& proxy, std::string const& userInfo = {}) {
        return "http://" + userInfo + "127.0.0.1:" + std::to_string(proxy.port());
    }

    HarnessOptions harnessWith(Configuration::Environment environment) const {
        environment.emplace("RUNAI_BASE_URL", server.url("", host));
        environment.emplace("RUNAI_CLIENT_ID", "ci");
        environment.emplace("RUNAI_CLIENT_SECRET", "secret-of-the-client");
        environment.emplace("RUNAI_CA_FILE", folder.write("ca.pem", ca.certificatePem()).string());
        HarnessOptions options;
        options.configuration = Configuration::fromEnvironment(std::move(environment));
        return options;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tinyproxy, BehindProxy)

BOOST_AUTO_TEST_CASE(https_goes_through_its_tunnel_which_is_kept) {
    Tinyproxy const proxy({});
    PocoTransport transport(through(proxy));
    for (bool const reused : {false, true}) {
        auto const response = get(transport, server.url("/x", host));
        BOOST_TEST(response.body == "ok");
        BOOST_TEST(response.connectionReused == reused);
        BOOST_TEST(response.connection->proxy == urlOf(proxy));
    }
    BOOST_TEST(server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(plain_http_is_forwarded) {
    Tinyproxy const proxy({});
    StubServer const plain(answering(okReply));
    PocoTransport transport(through(proxy));
    BOOST_TEST(get(transport, plain.url("/x", host)).body == "ok");
    checkContains(plain.requests().at(0).bytes, "Via: ");
}

BOOST_AUTO_TEST_CASE(credentials_are_wanted_and_given) {
    Tinyproxy const proxy({.user = "tester", .password = "proxy-pass-word"});
    PocoTransport transport(through(proxy, "tester:proxy-pass-word@"));
    BOOST_TEST(get(transport, server.url("/x", host)).body == "ok");
    for (std::string const userInfo : {"", "tester:wrong-pass-word@"}) {
        PocoTransport refused(through(proxy, userInfo));
        auto const failure = failureOf<ProxyRefused>([&] { get(refused, server.url("/x", host)); });
        // 1.11 answers 407 to missing credentials and 401 to wrong ones.
        BOOST_TEST((failure.status() == 407 || (!userInfo.empty() && failure.status() == 401)), failure.what());
        BOOST_TEST(std::string(failure.what()).find("pass-word") == std::string::npos);
    }
    BOOST_TEST(server.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(a_forbidden_target_is_the_proxys_refusal) {
    Tinyproxy const proxy({.allowOnlyPort443 = true});
    PocoTransport transport(through(proxy));
    auto const failure = failureOf<ProxyRefused>([&] { get(transport, server.url("/x", host)); });
    BOOST_TEST(failure.status() == 403);
    checkContains(failure.what(), "it does not allow this target");
    BOOST_TEST(server.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(logins_and_calls_go_the_same_way) {
    Tinyproxy const proxy({.user = "tester", .password = "proxy-pass-word"});
    std::string const url = urlOf(proxy, "tester:proxy-pass-word@");
    std::size_t connections = 0;
    for (char const* variable : {"RUNAI_PROXY_URL", "https_proxy", "HTTPS_PROXY"}) {
        Harness const harness(harnessWith({{variable, url}}));
        auto const exchange = harness.session().get("/x").send();
        BOOST_TEST(exchange.status() == 200, variable);
        BOOST_TEST(exchange.response().connection->proxy == urlOf(proxy), variable);
        BOOST_TEST(server.connections() == ++connections, variable); // one tunnel for both
    }
}

BOOST_AUTO_TEST_CASE(the_setting_goes_before_the_environment_and_exemptions_hold_for_both) {
    Tinyproxy const proxy({});
    constexpr char const* nowhere = "http://127.0.0.1:1";
    auto const proxyOf = [&](Configuration::Environment const& environment) {
        Harness const harness(harnessWith(environment));
        return harness.session().get("/x").send().response().connection->proxy;
    };
    BOOST_TEST(proxyOf({{"RUNAI_PROXY_URL", urlOf(proxy)}, {"https_proxy", nowhere}}) == urlOf(proxy));
    BOOST_TEST(proxyOf({{"https_proxy", urlOf(proxy)}, {"HTTPS_PROXY", nowhere}}) == urlOf(proxy));
    BOOST_TEST(proxyOf({{"https_proxy", nowhere}, {"no_proxy", "0.0.0.0/8"}}).empty());
    BOOST_TEST(proxyOf({{"RUNAI_PROXY_URL", nowhere}, {"NO_PROXY", "*"}}).empty());
    BOOST_TEST(proxyOf({{"https_proxy", urlOf(proxy)}, {"no_proxy", "*"}, {"RUNAI_NO_PROXY", "a.test"}}) ==
               urlOf(proxy));
    BOOST_TEST(proxyOf({{"http_proxy", nowhere}, {"HTTP_PROXY", nowhere}, {"https_proxy", ""}}).empty());
}

BOOST_AUTO_TEST_CASE(a_login_that_the_proxy_refuses_says_so) {
    Tinyproxy const proxy({.user = "tester", .password = "proxy-pass-word"});
    Harness const harness(harnessWith({{"https_proxy", urlOf(proxy)}}));
    auto const failure = failureOf<ProxyRefused>([&] { harness.session().get("/x").send(); });
    BOOST_TEST(failure.status() == 407);
    BOOST_TEST(server.connections() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
