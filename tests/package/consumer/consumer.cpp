#define BOOST_TEST_MODULE consumer
#include <boost/test/unit_test.hpp>

#include <httptest/boost_test.hpp>

#include <string>

namespace {

struct Harness : httptest::HarnessFixture {
    Harness()
        : HarnessFixture([] {
              httptest::HarnessOptions options;
              options.configuration.emplace()
                  .set("runai.base_url", "http://127.0.0.1:1")
                  .set("runai.client_id", "consumer")
                  .set("runai.client_secret", "not-a-real-secret");
              return options;
          }) {}
};

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(Harness);

BOOST_AUTO_TEST_CASE(finds_the_plugin_beside_the_sdk) {
    BOOST_TEST(httptest::harness().auth().provider == "runai");
}

// The error is made by the plugin, passes the SDK and is caught here: they must share its type.
BOOST_FIXTURE_TEST_CASE(gets_the_plugins_errors, httptest::CaseFixture) {
    BOOST_CHECK_THROW(session.get("/api/v1/clusters").send(), httptest::LoginError);
}

BOOST_AUTO_TEST_CASE(is_compiled_without_the_packages_warnings) {
    long const wide = 1;
    int const narrow = wide;
    BOOST_TEST(narrow == 1);
}
