#define BOOST_TEST_MODULE compile
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>
#include <nlohmann/json.hpp>

#include <string>

using httptest::HarnessFixture;
BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture);

BOOST_FIXTURE_TEST_CASE(a_reply_has_a_name, httptest::CaseFixture) {
    auto const reply = session.get("/x").send().expectStatus(200).expectJson("/name", "x").json();
    BOOST_TEST(reply.at("name").get<std::string>() == "x");
}
