#include "made_exchange.hpp"

#include <httptest/condition.hpp>
#include <httptest/error.hpp>
#include <httptest/matchers.hpp>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(matchers)

using namespace httptest;

namespace {

bool accepts(Matcher const& matcher, std::string const& json) {
    return httptest::json("", matcher)(jsonExchange(json)).met;
}

/// Nothing, as where a pointer leads nowhere.
bool acceptsNothing(Matcher const& matcher) {
    return httptest::json("/absent", matcher)(jsonExchange("{}")).met;
}

void check(Matcher const& matcher, std::vector<char const*> const& accepted, std::vector<char const*> const& refused) {
    for (char const* const json : accepted) {
        BOOST_TEST(accepts(matcher, json), json << " is to " << matcher.describe());
    }
    for (char const* const json : refused) {
        BOOST_TEST(!accepts(matcher, json), json << " is not to " << matcher.describe());
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(equals_takes_what_cpp_has_for_json) {
    check(equals("Ready"), {R"("Ready")", R"("\u0052eady")"}, {R"("ready")", "null", R"(["Ready"])", R"("Ready ")"});
    check(equals(std::string("a\"\\\n\x01")), {R"("a\"\\\n\u0001")"}, {R"("a")"});
    check(equals(std::string("a\0b", 3)), {R"("a\u0000b")"}, {R"("a")"});
    check(equals(true), {"true"}, {"false", "1", R"("true")"});
    check(equals(nullptr), {"null"}, {"0", "false", R"("")", "{}"});
    check(equals(3), {"3", "3.0", "30e-1"}, {"4", R"("3")", "3.5", "-3", "[3]", "true"});
    check(equals(-1.5), {"-1.5", "-15e-1"}, {"1.5", "-1"});
    check(equals(0.1), {"0.1"}, {"0.10000000000000002", "0"});
    check(equals(0.1F), {"0.1"}, {"0.100000001490116"});
    check(
        equals(nlohmann::json{{"a", {1, nullptr}}, {"b", "x"}}), {R"({"b":"x","a":[1.0,null]})"},
        {R"({"a":[1,null]})", R"({"a":[1,null],"b":"x","c":0})", R"({"a":[null,1],"b":"x"})", R"({"a":[1],"b":"x"})"});
}

BOOST_AUTO_TEST_CASE(a_plain_value_is_a_matcher) {
    check(Matcher("x"), {R"("x")"}, {"0"});
    check(Matcher(3), {"3"}, {"4"});
    check(Matcher(nlohmann::json{1, 2}), {"[1,2]"}, {"[2,1]"});
}

BOOST_AUTO_TEST_CASE(integers_of_64_bits_are_exact) {
    check(equals(std::int64_t{1} << 53), {"9007199254740992", "9007199254740992.0"}, {"9007199254740993"});
    check(equals((std::int64_t{1} << 53) + 1), {"9007199254740993"}, {"9007199254740992", "9007199254740992.0"});
    check(equals(std::numeric_limits<std::int64_t>::min()), {"-9223372036854775808"}, {"-9223372036854775807"});
    check(equals(std::numeric_limits<std::uint64_t>::max()), {"18446744073709551615"},
          {"18446744073709551616", "18446744073709551614", "1.8446744073709552e19"});
    check(equals(std::uint64_t{1} << 63), {"9223372036854775808", "9.223372036854775808e18"}, {"9223372036854775807"});
    check(equals(std::ldexp(1.0, 64)), {"18446744073709551616"}, {"18446744073709551615", "18446744073709551617"});
    check(lessThan(std::numeric_limits<std::uint64_t>::max()), {"18446744073709551614"},
          {"18446744073709551615", "18446744073709551616"});
}

BOOST_AUTO_TEST_CASE(values_that_json_lacks_are_refused) {
    BOOST_CHECK_THROW(equals(std::nan("")), InvalidExpectation);
    BOOST_CHECK_THROW(lessThan(std::numeric_limits<double>::infinity()), InvalidExpectation);
    BOOST_CHECK_THROW(equals("\xff"), InvalidExpectation);
    BOOST_CHECK_THROW(greaterThan(true), InvalidExpectation);
    BOOST_CHECK_THROW(atMost(nullptr), InvalidExpectation);
    BOOST_CHECK_THROW(oneOf(ExpectedValue(3)), InvalidExpectation);
    BOOST_CHECK_THROW(unordered(ExpectedValue("a")), InvalidExpectation);
    BOOST_CHECK_THROW(allOf({}), InvalidExpectation);
    BOOST_CHECK_THROW(anyOf({}), InvalidExpectation);
    static_assert(!std::constructible_from<ExpectedValue, char>, "a text or a number?");
    static_assert(!std::constructible_from<ExpectedValue, int*>, "a pointer is no bool");
}

BOOST_AUTO_TEST_CASE(nothing_is_matched_by_absent_alone) {
    BOOST_TEST(acceptsNothing(absent()));
    BOOST_TEST(acceptsNothing(not_(exists())));
    BOOST_TEST(acceptsNothing(anyOf({absent(), 3})));
    for (Matcher const& matcher : {equals(nullptr), exists(), not_(equals(3)), not_(absent()), isNull(), contains("x"),
                                   matches(".*"), sizeIs(0), each(3), unordered({}), hasElements({}), hasMembers({}),
                                   lessThan(3), oneOf({1, 2}), like(nlohmann::json::object())}) {
        BOOST_TEST(!acceptsNothing(matcher), matcher.describe());
    }
    BOOST_TEST(accepts(exists(), "null"));
    BOOST_TEST(!accepts(absent(), "null"));
}

BOOST_AUTO_TEST_CASE(contains_looks_into_strings_and_arrays) {
    check(contains("bc"), {R"("abcd")", R"(["x","bc"])"}, {R"("acb")", R"(["abcd"])", R"({"bc":1})", "3"});
    check(contains(3), {"[1,2,3.0]"}, {"[1]", "3", R"("3")"});
    check(contains(hasMembers({{"id", 2}})), {R"([{"id":1},{"id":2,"x":0}])"}, {R"([{"id":1}])", "[]"});
    check(contains(std::string("a")), {R"("a")"}, {R"("b")"});
}

BOOST_AUTO_TEST_CASE(matches_searches_strings_of_bounded_length) {
    check(matches("^proj-[0-9]+$"), {R"("proj-12")"}, {R"("my proj-12")", R"("proj-")", "12"});
    check(matches("b"), {R"("abc")"}, {R"("ac")"});
    BOOST_TEST(accepts(matches("^(a|b)*$"), "\"" + std::string(4000, 'a') + "\""));
    BOOST_CHECK_EXCEPTION(matches("[", {"a.cpp", 7}), InvalidExpectation,
                          [](InvalidExpectation const& error) { return error.location().line == 7; });
}

BOOST_AUTO_TEST_CASE(a_string_too_long_for_a_pattern_is_no_answer_however_it_is_asked) {
    std::string const text = "\"" + std::string(4001, 'a') + "\"";
    for (Matcher const& matcher :
         {matches("a", {"a.cpp", 7}), not_(matches("b", {"a.cpp", 7})), anyOf({matches("b", {"a.cpp", 7}), "x"})}) {
        BOOST_CHECK_EXCEPTION(accepts(matcher, text), InvalidExpectation, [](InvalidExpectation const& error) {
            return error.location().line == 7 && std::string_view(error.what()).ends_with("use contains");
        });
    }
}

BOOST_AUTO_TEST_CASE(one_of_and_the_logical_ones) {
    check(oneOf({"Ready", "Running"}), {R"("Ready")", R"("Running")"}, {R"("Failed")", "null"});
    check(oneOf(nlohmann::json{1, nullptr}), {"1", "null"}, {"2"});
    check(not_(equals(3)), {"4", "null"}, {"3", "3.0"});
    check(not_("x"), {R"("y")"}, {R"("x")"});
    check(allOf({greaterThan(1), lessThan(3)}), {"2", "1.5"}, {"1", "3"});
    check(anyOf({isNull(), "x"}), {"null", R"("x")"}, {R"("y")"});
}

BOOST_AUTO_TEST_CASE(sizes_are_of_elements_members_and_characters) {
    check(sizeIs(2), {"[1,[2,3]]", R"({"a":{"x":1},"b":2})", R"("ab")", R"("äß")"}, {"[1]", "2", R"("abc")", "null"});
    check(sizeIs(atLeast(1)), {"[1]", "[1,2]"}, {"[]", R"("")"});
}

BOOST_AUTO_TEST_CASE(elements_are_matched_one_by_one) {
    check(each(greaterThan(0)), {"[1,2]", "[]"}, {"[1,0]", "1", R"({"a":1})"});
    check(hasElements({1, isString()}), {R"([1,"x"])"}, {R"(["x",1])", "[1]", R"([1,"x",2])"});
    check(hasMembers({{"id", isString()}, {"n", 3}, {"gone", absent()}}), {R"({"id":"x","n":3,"more":0})"},
          {R"({"id":"x"})", R"({"id":1,"n":3})", R"({"id":"x","n":3,"gone":null})", "[]"});
}

BOOST_AUTO_TEST_CASE(unordered_pairs_each_matcher_with_an_element_of_its_own) {
    check(unordered({1, 2, 2}), {"[2,1,2]", "[1,2,2.0]"}, {"[1,1,2]", "[1,2]", "[1,2,2,2]", "3"});
    check(unordered(nlohmann::json{"a", "b"}), {R"(["b","a"])"}, {R"(["a","a"])"});
    // The first matcher accepts both, and must leave the element that the second needs.
    check(unordered({isNumber(), 1, lessThan(3)}), {"[1,5,2]", "[5,2,1]", "[1,2,5]"}, {"[5,6,1]", "[1,5,5]"});
}

BOOST_AUTO_TEST_CASE(like_ignores_members_that_are_not_listed) {
    Matcher const matcher = like(nlohmann::json{{"a", {{"b", 1}}}, {"c", {{{"d", 2}}, 3}}});
    check(matcher, {R"({"a":{"b":1,"x":0},"c":[{"d":2,"y":0},3],"z":0})"},
          {R"({"a":{"b":2},"c":[{"d":2},3]})", R"({"a":{"b":1},"c":[{"d":2},3,4]})", R"({"a":{"b":1},"c":[3,{"d":2}]})",
           R"({"c":[{"d":2},3]})", "[]"});
}

BOOST_AUTO_TEST_CASE(order_is_of_numbers_or_of_strings) {
    check(greaterThan(3), {"3.1", "4", "1e30"}, {"3", "2", R"("4")", "null"});
    check(atLeast(3), {"3", "3.0"}, {"2.9"});
    check(lessThan(-1), {"-2"}, {"-1", "0"});
    check(atMost(1.5), {"1.5", "1"}, {"1.51"});
    check(greaterThan("2026-01-01T00:00:00Z"), {R"("2026-01-01T00:00:01Z")"}, {R"("2025-12-31T00:00:00Z")", "3000"});
}

BOOST_AUTO_TEST_CASE(types) {
    check(isString(), {R"("")"}, {"1", "null"});
    check(isNumber(), {"1", "1.5"}, {R"("1")"});
    check(isInteger(), {"1", "-1", "1.0", "1e3", "18446744073709551617"}, {"1.5", R"("1")", "true"});
    check(isBoolean(), {"true", "false"}, {"0", "null"});
    check(isNull(), {"null"}, {"0", "[]"});
    check(isArray(), {"[]"}, {"{}"});
    check(isObject(), {"{}"}, {"[]"});
}

BOOST_AUTO_TEST_SUITE_END()
