#include "report/json_layout.hpp"

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <string>

namespace {

std::string layOut(std::string_view json, std::size_t indent = 0) {
    return httptest::layOutJson(json, indent, 100'000);
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_layout)

BOOST_AUTO_TEST_CASE(what_fits_stays_on_one_line) {
    BOOST_TEST(layOut(R"({"code":401,"tags":["a,b","c:d"],"none":{},"empty":[]})") ==
               R"({"code": 401, "tags": ["a,b", "c:d"], "none": {}, "empty": []})");
    BOOST_TEST(layOut(" [ 1 ,\n 2 ] ") == "[1, 2]");
    BOOST_TEST(layOut("\"text\"") == "\"text\"");
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_indented) {
    std::string const longText(70, 'x');
    BOOST_TEST(layOut(R"({"a":[1,2],"b":")" + longText + R"(","c":{"d":"}","e":"\\\"]"}})", 2) ==
               "{\n    \"a\": [1, 2],\n    \"b\": \"" + longText +
                   "\",\n    \"c\": {\"d\": \"}\", \"e\": \"\\\\\\\"]\"}\n  }");
}

BOOST_AUTO_TEST_CASE(numbers_order_and_duplicates_stay_as_they_were_written) {
    BOOST_TEST(layOut(R"({"z":1.0,"a":18446744073709551617,"z":1e999})") ==
               R"({"z": 1.0, "a": 18446744073709551617, "z": 1e999})");
}

BOOST_AUTO_TEST_CASE(marks_of_the_redactor_are_no_arrays) {
    BOOST_TEST(layOut(R"({"token":[redacted],"a":1})") == R"({"token": [redacted], "a": 1})");
    std::string const longText(80, 'x');
    BOOST_TEST(layOut(R"({"token":[redacted],"a":")" + longText + R"("})") ==
               "{\n  \"token\": [redacted],\n  \"a\": \"" + longText + "\"\n}");
}

BOOST_AUTO_TEST_CASE(broken_and_cut_texts_are_no_trouble) {
    for (std::string const text : {"", "{", "[[[[", "}}}}", "\"", "\"\\", "{\"a", "{\"a\":", "]{,:"}) {
        layOut(text);
    }
    BOOST_TEST(layOut("[\"" + std::string(90, 'x')).starts_with("[\n  \"xxx"));
}

BOOST_AUTO_TEST_CASE(it_stops_at_its_limit_however_deep_it_is) {
    BOOST_TEST(httptest::layOutJson(std::string(60'000, '['), 0, 2000).size() < 3000U);
}

BOOST_AUTO_TEST_CASE(the_value_stays_the_same) {
    std::string const text = R"([{"a b":{"c":[[],{},[1,[2,{"d":"\u00e9 \"[{:,"}]]]},"long":")" + std::string(100, 'y') +
                             R"("},null,true,-1.5e3])";
    BOOST_TEST((nlohmann::json::parse(layOut(text)) == nlohmann::json::parse(text)));
}

BOOST_AUTO_TEST_SUITE_END()
