#include "support/canary.hpp"

#include <httptest/configuration.hpp>
#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/testing/stub_server.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

namespace {

namespace data = boost::unit_test::data;
using httptest::testing::StubConnection;
using httptest::testing::StubServer;

/// Sends every request elsewhere.
struct RedirectingServer {
    explicit RedirectingServer(int status)
        : server([status, this](StubConnection& connection) {
              for (;;) {
                  connection.readRequest();
                  connection.send("HTTP/1.1 " + std::to_string(status) +
                                  " Moved\r\nLocation: " + elsewhere.url("/api") + "\r\nContent-Length: 0\r\n\r\n");
              }
          }) {}

    StubServer elsewhere{[](StubConnection& connection) {
        for (;;) {
            connection.readRequest();
            connection.send(
                "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{\"access_token\":\"stolen-by-a-redirect!!\"}");
        }
    }};
    StubServer server;
};

httptest::Configuration::Environment const waysIn[] = {
    {{"RUNAI_CLIENT_ID", "ci"}, {"RUNAI_CLIENT_SECRET", std::string(canary::clientSecret)}},
    {{"RUNAI_APP_ID", "ci"}, {"RUNAI_APP_SECRET", std::string(canary::clientSecret)}},
    {{"RUNAI_USERNAME", "jo"}, {"RUNAI_PASSWORD", std::string(canary::password)}},
};

} // namespace

BOOST_AUTO_TEST_SUITE(login_redirects)

BOOST_DATA_TEST_CASE(are_never_followed, data::make({301, 302, 303, 307, 308}), status) {
    for (httptest::Configuration::Environment environment : waysIn) {
        for (char const* api : {"auto", "v1", "v2"}) {
            RedirectingServer const servers(status);
            environment["RUNAI_BASE_URL"] = servers.server.url("");
            environment["RUNAI_TOKEN_API"] = api;
            httptest::HarnessOptions options;
            options.configuration = httptest::Configuration::fromEnvironment(environment);
            // Also where requests follow redirects.
            options.configuration->set("redirects", "10");
            // Some grants are not in each API, which is said before anything is sent.
            BOOST_CHECK_THROW(
                httptest::Harness(options).session().get("/x").timeout(std::chrono::milliseconds(500)).send(),
                httptest::Error);
            BOOST_TEST(servers.elsewhere.connections() == 0U);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
