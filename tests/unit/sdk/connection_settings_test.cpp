#include "session_support.hpp"

#include <httptest/redactor.hpp>
#include <httptest/testing/stub_server.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using namespace session_support;
using httptest::Configuration;
using httptest::redacted;
using httptest::testing::StubConnection;
using httptest::testing::StubServer;

void refuseAll(StubConnection& connection) {
    connection.readRequest();
    connection.send("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    connection.close();
}

/// A harness over the real transport, configured by these variables, for a base URL that only a proxy could reach.
httptest::Harness harnessWith(Configuration::Environment environment) {
    environment.emplace("HTTPTEST_PROVIDER", "scripted");
    environment.emplace("SCRIPTED_BASE_URL", "http://api.test");
    httptest::HarnessOptions options;
    options.configuration = Configuration::fromEnvironment(environment);
    options.providers = {std::make_shared<Factory>(std::make_shared<Script>())};
    return httptest::Harness(options);
}

std::string failureWith(Configuration::Environment const& environment) {
    auto const harness = harnessWith(environment);
    try {
        harness.session().get("/x").anonymous().send();
    } catch (httptest::ProxyRefused const& refused) {
        return refused.what();
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(connection_settings)

BOOST_AUTO_TEST_CASE(the_proxy_of_the_environment_is_chosen_as_curl_chooses_it) {
    StubServer const taken(&refuseAll);
    StubServer const other(&refuseAll);
    for (Configuration::Environment const& environment :
         {Configuration::Environment{{"http_proxy", taken.url()}, {"all_proxy", other.url()}},
          Configuration::Environment{{"all_proxy", taken.url()}, {"ALL_PROXY", other.url()}},
          Configuration::Environment{{"ALL_PROXY", taken.url()}, {"HTTP_PROXY", other.url()}},
          Configuration::Environment{{"ALL_PROXY", taken.url()}, {"all_proxy", ""}, {"http_proxy", ""}},
          Configuration::Environment{{"ALL_PROXY", taken.url()}, {"https_proxy", other.url()}},
          Configuration::Environment{{"SCRIPTED_PROXY_URL", taken.url("")}, {"ALL_PROXY", other.url()}}}) {
        BOOST_TEST(holds(failureWith(environment), "answered 407"), environment.begin()->first);
    }
    BOOST_TEST(taken.requests().size() == 6U);
    BOOST_TEST(other.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_proxys_url_is_shown_without_its_user_info) {
    StubServer const proxy(&refuseAll);
    std::string const host = "127.0.0.1:" + std::to_string(proxy.port());
    httptest::testing::TemporaryFolder const folder;
    auto const file = folder.write("proxy", "http://tester:proxy-pass-3@" + host + "\n").string();
    for (auto const& [environment, password] : {
             std::pair{Configuration::Environment{{"SCRIPTED_PROXY_URL", "http://tester:proxy-pass-1@" + host}},
                       "proxy-pass-1"},
             {Configuration::Environment{{"all_proxy", "http://tester:proxy-pass-2@" + host}}, "proxy-pass-2"},
             {Configuration::Environment{{"SCRIPTED_PROXY_URL_FILE", file}}, "proxy-pass-3"},
         }) {
        std::string const text = failureWith(environment);
        BOOST_TEST(holds(text, "the proxy http://" + host + " answered 407"), text);
        BOOST_TEST(!holds(redacted(std::string("it said ") + password), password));
        BOOST_TEST(!holds(redacted("at http://tester:" + std::string(password) + "@" + host), password));
    }
    BOOST_TEST(failureWith({{"SCRIPTED_PROXY_URL", "http://" + host}}).find(host) != std::string::npos);
    BOOST_TEST(redacted("http://" + host) == "http://" + host);
}

BOOST_AUTO_TEST_SUITE_END()
