#define BOOST_TEST_MODULE custom_provider
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>
#include <httptest/testing/stub_server.hpp>

#include <string>

/// A server that knows one key.
void serveShop(httptest::testing::StubConnection& connection) {
    for (;;) {
        auto const request = connection.readRequest();
        auto const known = request.find("X-Api-Key: open-sesame\r\n") != std::string::npos;
        connection.send(known ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                              : "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    }
}

/// In a suite of yours the environment says all this: HTTPTEST_PROVIDER=apikey, HTTPTEST_PLUGIN_PATH, APIKEY_BASE_URL,
/// APIKEY_KEY, APIKEY_STRANGER_KEY.
struct ShopHarness : httptest::HarnessFixture {
    ShopHarness()
        : HarnessFixture([this] {
              httptest::HarnessOptions options;
              options.configuration = httptest::Configuration()
                                          .set("provider", "apikey")
                                          .set("plugin_path", API_KEY_PLUGIN_FOLDER)
                                          .set("apikey.base_url", shop.url())
                                          .set("apikey.key", "open-sesame")
                                          .set("identity.stranger.key", "let-me-in");
              return options;
          }) {}

    httptest::testing::StubServer shop{serveShop};
};
BOOST_TEST_GLOBAL_FIXTURE(ShopHarness);

BOOST_FIXTURE_TEST_CASE(every_request_carries_the_key, httptest::CaseFixture) {
    session.get("/orders").send().expectStatus(200);
}

BOOST_FIXTURE_TEST_CASE(a_request_without_a_key_is_refused, httptest::CaseFixture) {
    session.get("/orders").anonymous().send().expectStatus(401);
}

BOOST_FIXTURE_TEST_CASE(another_identity_sends_its_own_key, httptest::CaseFixture) {
    session.get("/orders").identity("stranger").send().expectStatus(401);
}
