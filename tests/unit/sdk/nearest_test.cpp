#include "config/nearest.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace {

std::vector<std::string> const keys = {"provider", "runai.base_url", "runai.client_id", "runai.client_secret"};

} // namespace

BOOST_AUTO_TEST_SUITE(nearest)

BOOST_AUTO_TEST_CASE(a_slip_finds_the_key_that_was_meant) {
    BOOST_TEST(httptest::nearest("runai.clientid", keys) == "runai.client_id");
    BOOST_TEST(httptest::nearest("runia.base_url", keys) == "runai.base_url");
    BOOST_TEST(httptest::nearest("base_url", keys).empty());
    BOOST_TEST(httptest::nearest("providr", keys) == "provider");
    BOOST_TEST(httptest::nearest("runai.client-secret", keys) == "runai.client_secret");
}

BOOST_AUTO_TEST_CASE(what_is_near_to_nothing_finds_nothing) {
    BOOST_TEST(httptest::nearest("", keys).empty());
    BOOST_TEST(httptest::nearest("x", keys).empty());
    BOOST_TEST(httptest::nearest("completely.different", keys).empty());
    BOOST_TEST(httptest::nearest("provider", {}).empty());
}

BOOST_AUTO_TEST_CASE(the_nearest_of_several_wins_and_the_first_of_equals) {
    BOOST_TEST(httptest::nearest("abcx", {"abyz", "abcd", "abce"}) == "abcd");
}

BOOST_AUTO_TEST_SUITE_END()
