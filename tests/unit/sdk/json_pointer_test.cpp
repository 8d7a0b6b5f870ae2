#include "expect/json_pointer.hpp"
#include "expect/json_text.hpp"

#include <httptest/error.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

namespace {

using httptest::InvalidExpectation;
using httptest::JsonDocument;
using httptest::JsonPointer;
using httptest::JsonView;

/// The example of RFC 6901, section 5.
constexpr char const* rfcExample = R"({"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4,
    "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8})";

std::string absence(std::string const& json, char const* pointer) {
    return JsonPointer(pointer).explainAbsence(JsonDocument::parse(json).root());
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_pointer)

BOOST_AUTO_TEST_CASE(leads_where_the_rfc_says) {
    JsonDocument const document = JsonDocument::parse(rfcExample);
    std::vector<std::pair<char const*, char const*>> const rows = {
        {"/foo", R"(["bar","baz"])"},
        {"/foo/0", R"("bar")"},
        {"/foo/1", R"("baz")"},
        {"/", "0"},
        {"/a~1b", "1"},
        {"/c%d", "2"},
        {"/e^f", "3"},
        {"/g|h", "4"},
        {"/i\\j", "5"},
        {"/k\"l", "6"},
        {"/ ", "7"},
        {"/m~0n", "8"},
    };
    for (auto const& [pointer, value] : rows) {
        JsonView const found = JsonPointer(pointer).find(document.root());
        BOOST_TEST_REQUIRE(found.exists(), pointer);
        BOOST_TEST(httptest::compactJson(found) == value, pointer);
    }
    BOOST_TEST((JsonPointer("").find(document.root()).size() == 10U));
}

BOOST_AUTO_TEST_CASE(escapes_are_undone_once_and_in_the_right_order) {
    JsonDocument const document = JsonDocument::parse(R"({"~1": 1, "/": 2, "~": {"": {"": 3}}})");
    auto const at = [&](char const* pointer) {
        return httptest::compactJson(JsonPointer(pointer).find(document.root()));
    };
    BOOST_TEST(at("/~01") == "1");
    BOOST_TEST(at("/~1") == "2");
    BOOST_TEST(at("/~0//") == "3");
}

BOOST_AUTO_TEST_CASE(indexes_are_plain_numbers_without_leading_zeros) {
    JsonDocument const document = JsonDocument::parse(R"([1, [2, 3], {"0": 4}])");
    BOOST_TEST(httptest::compactJson(JsonPointer("/1/1").find(document.root())) == "3");
    BOOST_TEST(httptest::compactJson(JsonPointer("/2/0").find(document.root())) == "4");
    for (char const* const pointer : {"/3", "/-", "/00", "/01", "/-1", "/+1", "/1.0", "/ 1", "/1/2", "/2/1", "/x", "/",
                                      "/18446744073709551616", "/0/0"}) {
        BOOST_TEST(!JsonPointer(pointer).find(document.root()).exists(), pointer);
    }
}

BOOST_AUTO_TEST_CASE(the_last_of_duplicates_counts) {
    JsonDocument const document = JsonDocument::parse(R"({"a": 1, "a": 2})");
    BOOST_TEST(httptest::compactJson(JsonPointer("/a").find(document.root())) == "2");
}

BOOST_AUTO_TEST_CASE(malformed_pointers_say_what_is_wrong_and_where) {
    for (auto const& [pointer, part] : std::vector<std::pair<char const*, char const*>>{
             {"a", "'a' is no JSON Pointer (RFC 6901): it must be empty, for the whole body, or begin with '/'"},
             {"#/a", "begin with '/'"},
             {"$.a", "begin with '/'"},
             {"/a~", "write '~0' for '~'"},
             {"/a~2b", "write '~0' for '~'"},
         }) {
        BOOST_CHECK_EXCEPTION(
            JsonPointer(pointer, {"a.cpp", 7}), InvalidExpectation, [part = part](InvalidExpectation const& error) {
                return std::string(error.what()).find(part) != std::string::npos && error.location().line == 7;
            });
    }
}

BOOST_AUTO_TEST_CASE(says_how_far_it_leads_and_what_is_there) {
    BOOST_TEST(absence(R"({"status": {"actualPhase": 1, "id": 2}})", "/status/actualPhaze") ==
               "/status has no member 'actualPhaze'; it has 'actualPhase', 'id' (did you mean 'actualPhase'?)");
    BOOST_TEST(absence(R"({"a": 1})", "/xyz/b") == "the body has no member 'xyz'; it has 'a'");
    BOOST_TEST(absence("{}", "/a") == "the body has no member 'a', it is an empty object");
    BOOST_TEST(absence("[1, 2]", "/2") == "the body is an array of 2 elements (0 to 1)");
    BOOST_TEST(absence(R"({"a": [5]})", "/a/name") ==
               "/a is an array of 1 element (0 to 0), of which 'name' is no index");
    BOOST_TEST(absence("[]", "/0") == "the body is an array of 0 elements");
    BOOST_TEST(absence(R"({"a/b": "x"})", "/a~1b/c") == "/a~1b is a string and has no members");
    BOOST_TEST(absence("null", "/a") == "the body is null and has no members");
}

BOOST_AUTO_TEST_CASE(many_and_long_names_are_cut) {
    std::string object = "{";
    for (int i = 0; i < 100'000; ++i) {
        object += "\"name" + std::to_string(i) + "\": 0,";
    }
    object += "\"" + std::string(100'000, 'n') + "\": 0}";
    std::string const text = absence(object, "/nome5");
    BOOST_TEST(text.size() < 400U);
    BOOST_TEST(text.find("and 99989 more (did you mean 'name5'?)") != std::string::npos, text);
    BOOST_TEST(absence("{\"" + std::string(100'000, 'n') + "\": 0}", "/x").size() < 200U);
}

BOOST_AUTO_TEST_SUITE_END()
