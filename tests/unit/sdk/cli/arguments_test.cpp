#include "arguments.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using httptest::cli::Arguments;
using httptest::cli::Option;
using httptest::cli::UsageError;

namespace {

std::vector<Option> const options{
    {"json", '\0', nullptr, "A flag."},
    {"data", 'd', "DATA", "A value."},
    {"header", 'H', "TEXT", "May be repeated.", true},
    {"help", 'h', nullptr, "Another flag."},
};

Arguments parsed(std::vector<std::string> const& words) {
    return Arguments::parse(words, options);
}

std::string refusalOf(std::vector<std::string> const& words) {
    try {
        parsed(words);
    } catch (UsageError const& error) {
        return error.what();
    }
    return "accepted";
}

} // namespace

BOOST_AUTO_TEST_SUITE(CommandArguments)

BOOST_AUTO_TEST_CASE(options_and_operands_may_be_mixed) {
    auto const arguments = parsed({"GET", "--json", "/path", "-d", "text"});
    BOOST_TEST(arguments.has("json"));
    BOOST_TEST(!arguments.has("help"));
    BOOST_TEST(arguments.value("data") == "text");
    BOOST_TEST(arguments.value("absent", "otherwise") == "otherwise");
    BOOST_TEST(arguments.operands() == (std::vector<std::string>{"GET", "/path"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_value_may_be_joined_to_its_option_or_follow_it) {
    for (std::vector<std::string> const& words :
         {std::vector<std::string>{"--data=a=b: c"}, {"--data", "a=b: c"}, {"-d", "a=b: c"}, {"-da=b: c"}}) {
        BOOST_TEST(parsed(words).value("data") == "a=b: c");
    }
}

BOOST_AUTO_TEST_CASE(a_value_may_look_like_an_option) {
    auto const arguments = parsed({"--data", "--json", "-H", "-"});
    BOOST_TEST(arguments.value("data") == "--json");
    BOOST_TEST(arguments.value("header") == "-");
    BOOST_TEST(!arguments.has("json"));
}

BOOST_AUTO_TEST_CASE(two_dashes_end_the_options) {
    auto const arguments = parsed({"--json", "--", "--data", "-x", "-dvalue"});
    BOOST_TEST(arguments.operands() == (std::vector<std::string>{"--data", "-x", "-dvalue"}),
               boost::test_tools::per_element());
    BOOST_TEST(parsed({"--data", "--", "x"}).value("data") == "--");
}

BOOST_AUTO_TEST_CASE(a_repeatable_option_keeps_its_order) {
    auto const values = parsed({"-H", "one", "--header", "two", "-Hthree"}).values("header");
    BOOST_TEST(values == (std::vector<std::string>{"one", "two", "three"}), boost::test_tools::per_element());
    BOOST_TEST(parsed({}).values("header").empty());
}

BOOST_AUTO_TEST_CASE(a_wrong_option_names_the_one_that_was_meant) {
    BOOST_TEST(refusalOf({"--jsom"}) == "unknown option --jsom; did you mean '--json'?");
    BOOST_TEST(refusalOf({"-x"}) == "unknown option -x");
}

BOOST_AUTO_TEST_CASE(a_value_of_an_unknown_option_is_not_repeated) {
    BOOST_TEST(refusalOf({"--token=the-secret-value"}) == "unknown option --token");
    BOOST_TEST(refusalOf({"-xthe-secret-value"}) == "unknown option -x");
}

BOOST_AUTO_TEST_CASE(a_value_too_many_or_too_few_is_refused) {
    BOOST_TEST(refusalOf({"--json=yes"}) == "--json takes no value");
    BOOST_TEST(refusalOf({"--data"}) == "--data needs a value");
    BOOST_TEST(refusalOf({"--data", ""}) == "--data needs a value");
    BOOST_TEST(refusalOf({"--data=", "--json"}) == "--data needs a value");
    BOOST_TEST(refusalOf({"-hx"}) != "accepted");
    BOOST_TEST(refusalOf({"-d", "a", "-d", "b"}) == "-d is given more than once");
}

BOOST_AUTO_TEST_CASE(an_abbreviation_must_be_unambiguous) {
    BOOST_TEST(parsed({"--js"}).has("json"));
    BOOST_TEST(refusalOf({"--he"}) == "--he may be short for more than one option");
}

BOOST_AUTO_TEST_SUITE_END()
