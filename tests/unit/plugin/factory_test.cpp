#include "factory.hpp"
#include "login_fixture.hpp"

#include <httptest/auth_provider.hpp>
#include <httptest/providers.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <set>
#include <string>

using namespace runai::testing;
using httptest::testing::jsonReply;

BOOST_AUTO_TEST_SUITE(factory)

BOOST_AUTO_TEST_CASE(is_called_runai) {
    BOOST_TEST(runai::Factory().name() == "runai");
}

BOOST_AUTO_TEST_CASE(every_setting_is_described_and_secrets_are_marked) {
    std::set<std::string> keys;
    for (httptest::SettingSpec const& spec : runai::Factory().settings()) {
        BOOST_TEST(!spec.description.empty(), spec.key);
        bool const secret = contains(spec.key, "secret") || contains(spec.key, "password") ||
                            (contains(spec.key, "token") && spec.key != "token_api");
        BOOST_TEST((spec.kind == httptest::SettingKind::secret) == secret, spec.key);
        BOOST_TEST((spec.credential || !secret), spec.key << " must not pass from one identity to another");
        BOOST_TEST(keys.insert(spec.key).second, spec.key << " is there twice");
    }
    std::set<std::string> const expected{"app_id",
                                         "app_secret",
                                         "base_url",
                                         "cli_config_path",
                                         "client_id",
                                         "client_secret",
                                         "credential_command",
                                         "credential_command_timeout_ms",
                                         "credentials",
                                         "external_token",
                                         "health_path",
                                         "password",
                                         "token",
                                         "token_api",
                                         "username"};
    BOOST_TEST(keys == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(makes_a_provider_that_attaches_a_bearer_token_and_logs_in_when_first_asked) {
    auto const clock = std::make_shared<httptest::testing::FakeClock>();
    auto const transport = std::make_shared<httptest::testing::ScriptedTransport>(clock);
    // Another base URL than in any other case: what is learned of it is kept for the process.
    auto const environment = with(clientEnvironment(), "RUNAI_BASE_URL", "https://factory.example");
    httptest::Settings const settings = resolve(environment);
    httptest::ProviderContext const context{
        "runai", "default", httptest::Url::parse("https://factory.example"), settings, transport, clock, {}, {}};
    auto const provider = runai::Factory().create(context);
    BOOST_TEST(transport->requestCount() == 0U);

    transport->reply(jsonReply(200, R"({"access_token":"abc.def","expires_in":3600})"));
    httptest::Request request;
    provider->authorize(request, {clock->steady() + std::chrono::seconds(10), {}});
    BOOST_REQUIRE(request.headers.has("Authorization"));
    BOOST_TEST(*request.headers.find("Authorization") == "Bearer abc.def");
    BOOST_TEST(provider->describe().account ==
               "client_credentials of 'ci-bot' at https://factory.example/, by client_id (RUNAI_CLIENT_ID), "
               "client_secret (RUNAI_CLIENT_SECRET)");
}

BOOST_AUTO_TEST_SUITE_END()
