#include "printable.hpp"

#include <httptest/secret.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace std::string_view_literals;
using runai::printable;

BOOST_AUTO_TEST_SUITE(printable_text)

BOOST_AUTO_TEST_CASE(keeps_ordinary_text_in_any_script) {
    BOOST_TEST(printable("Zugriff verweigert: größe 日本 🙂", 200) == "Zugriff verweigert: größe 日本 🙂");
}

BOOST_AUTO_TEST_CASE(turns_control_characters_and_runs_of_space_into_one_space) {
    BOOST_TEST(printable("a\r\n\tb\x1B[31m  c\0d\x7F"
                         "e\xC2\x9B"
                         "f"sv,
                         200) == "a b [31m c d e f");
}

BOOST_AUTO_TEST_CASE(drops_space_at_both_ends) {
    BOOST_TEST(printable("  a \n", 200) == "a");
    BOOST_TEST(printable(" \n ", 200).empty());
}

BOOST_AUTO_TEST_CASE(marks_every_byte_that_is_no_utf8) {
    BOOST_TEST(printable("a\xFF\xC0\xAF"
                         "b",
                         200) == "a???b");
    BOOST_TEST(printable("\xED\xA0\x80", 200) == "???");
    BOOST_TEST(printable("\xF4\x90\x80\x80", 200) == "????");
    BOOST_TEST(printable("cut \xE2\x82", 200) == "cut ??");
}

BOOST_AUTO_TEST_CASE(cuts_at_the_limit_and_never_inside_a_character) {
    BOOST_TEST(printable("12345", 5) == "12345");
    BOOST_TEST(printable("123456", 5) == "12345…");
    BOOST_TEST(printable("1234ä", 5) == "1234…");
    BOOST_TEST(printable("1234 ", 4) == "1234");
}

BOOST_AUTO_TEST_CASE(hides_a_secret_that_the_limit_would_have_cut_in_two) {
    httptest::Secret const secret("ab12cd34ef56gh78");
    std::string const text = printable("0123456789 ab12cd34ef56gh78", 20);
    BOOST_TEST(text.find("ab12") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
