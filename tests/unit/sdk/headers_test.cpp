#include <httptest/headers.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using httptest::Headers;

std::string lines(Headers const& headers) {
    std::string text;
    for (Headers::Field const& field : headers) {
        text.append(field.name).append(": ").append(field.value).append("\n");
    }
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(headers)

BOOST_AUTO_TEST_CASE(names_compare_without_case_and_keep_their_spelling) {
    Headers const headers = {{"Content-Type", "text/plain"}};
    BOOST_TEST_REQUIRE(headers.find("content-TYPE") != nullptr);
    BOOST_TEST(*headers.find("content-TYPE") == "text/plain");
    BOOST_TEST(!headers.has("Content-Typ"));
    BOOST_TEST(!headers.has("Content-Type "));
    BOOST_TEST(lines(headers) == "Content-Type: text/plain\n");
}

BOOST_AUTO_TEST_CASE(adding_keeps_what_is_there_in_order) {
    Headers headers;
    headers.add("Set-Cookie", "a=1");
    headers.add("X", "y");
    headers.add("set-cookie", "b=2");
    BOOST_TEST(lines(headers) == "Set-Cookie: a=1\nX: y\nset-cookie: b=2\n");
    BOOST_TEST(*headers.find("SET-COOKIE") == "a=1");
}

BOOST_AUTO_TEST_CASE(setting_replaces_all_of_the_name_at_the_place_of_the_first) {
    Headers headers = {{"A", "1"}, {"b", "2"}, {"a", "3"}, {"C", "4"}, {"A", "5"}};
    headers.set("a", "new");
    BOOST_TEST(lines(headers) == "A: new\nb: 2\nC: 4\n");
    headers.set("D", "5");
    BOOST_TEST(lines(headers) == "A: new\nb: 2\nC: 4\nD: 5\n");
}

BOOST_AUTO_TEST_CASE(removing_takes_all_of_the_name) {
    Headers headers = {{"A", "1"}, {"b", "2"}, {"a", "3"}};
    headers.remove("a");
    headers.remove("absent");
    BOOST_TEST(lines(headers) == "b: 2\n");
    BOOST_TEST(headers.size() == 1U);
    headers.remove("B");
    BOOST_TEST(headers.empty());
}

BOOST_AUTO_TEST_CASE(an_empty_value_is_a_value) {
    Headers headers;
    headers.set("X", "");
    BOOST_TEST(headers.has("x"));
}

BOOST_AUTO_TEST_CASE(only_ascii_letters_have_a_case) {
    BOOST_TEST(httptest::equalsIgnoringCase("aZ09-", "Az09-"));
    BOOST_TEST(!httptest::equalsIgnoringCase("[", "{"));
    BOOST_TEST(!httptest::equalsIgnoringCase("@", "`"));
    BOOST_TEST(!httptest::equalsIgnoringCase("\xC3\x84", "\xC3\xA4"));
    BOOST_TEST(!httptest::equalsIgnoringCase("a", "aa"));
    BOOST_TEST(httptest::equalsIgnoringCase("", ""));
}

BOOST_AUTO_TEST_SUITE_END()
