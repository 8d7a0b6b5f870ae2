#define BOOST_TEST_MODULE compile
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <string>

BOOST_AUTO_TEST_CASE(a_reply_has_a_name) {
    auto const reply = nlohmann::json::parse(R"({"name": "x"})");
    BOOST_TEST(reply.at("name").get<std::string>() == "x");
}
