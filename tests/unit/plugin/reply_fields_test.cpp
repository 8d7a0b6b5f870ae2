#include "reply_fields.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

using runai::FieldValue;
using runai::readReplyBody;
using runai::ReplyBody;

namespace {

std::string repeated(std::string const& text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) {
        result += text;
    }
    return result;
}

} // namespace

BOOST_AUTO_TEST_SUITE(reply_fields)

BOOST_AUTO_TEST_CASE(keeps_the_top_level_members_with_their_types) {
    ReplyBody const body = readReplyBody(
        R"({"n":null,"b":true,"i":-3,"u":3600,"d":1.5,"huge":18446744073709551616,"t":"x","o":{"t":"inner"},"a":["t"]})");
    BOOST_TEST(body.fault == "");
    BOOST_TEST(std::holds_alternative<std::nullptr_t>(*body.fields.find("n")));
    BOOST_TEST(std::get<bool>(*body.fields.find("b")));
    BOOST_TEST(std::get<std::int64_t>(*body.fields.find("i")) == -3);
    BOOST_TEST(std::get<std::uint64_t>(*body.fields.find("u")) == 3600U);
    BOOST_TEST(std::get<double>(*body.fields.find("d")) == 1.5);
    BOOST_TEST(std::get<double>(*body.fields.find("huge")) == 18446744073709551616.0);
    BOOST_TEST(*body.fields.text("t") == "x");
    BOOST_TEST(std::holds_alternative<runai::Nested>(*body.fields.find("o")));
    BOOST_TEST(std::holds_alternative<runai::Nested>(*body.fields.find("a")));
    BOOST_TEST(body.fields.find("missing") == nullptr);
    BOOST_TEST(body.fields.text("i") == nullptr);
}

BOOST_AUTO_TEST_CASE(takes_the_last_of_equal_names) {
    BOOST_TEST(*readReplyBody(R"({"t":"first","t":"last"})").fields.text("t") == "last");
}

BOOST_AUTO_TEST_CASE(names_what_is_wrong_with_a_body) {
    struct Row {
        std::string body;
        std::string fault;
    };
    for (Row const& row : {
             Row{"", "is empty"},
             Row{"hello", "is no JSON"},
             Row{"<html>", "is no JSON"},
             Row{R"({"a":1,})", "is no JSON"},
             Row{R"({"a":1} x)", "is no JSON"},
             Row{"{\"a\":\"\xFF\"}", "is no JSON"},
             Row{R"({"a":"b)", "is JSON that is cut short"},
             Row{R"({"a":12)", "is JSON that is cut short"},
             Row{R"({"a":tru)", "is JSON that is cut short"},
             Row{"{", "is JSON that is cut short"},
             Row{"[1]", "is JSON, but no object"},
             Row{"\"text\"", "is JSON, but no object"},
             Row{"null", "is JSON, but no object"},
             Row{R"({"expires_in":1e999})", "is JSON with a number out of range, at or below 'expires_in'"},
             Row{R"({"a":)" + repeated("[", 128) + repeated("]", 128) + "}", "is JSON nested deeper than 128 levels"},
             Row{R"({"a":)" + repeated("[", 127) + repeated("]", 127) + "}", ""},
             Row{R"({"a":)" + repeated("{\"b\":", 200'000), "is JSON nested deeper than 128 levels"},
             Row{"{\"a\":\"" + std::string(std::size_t{1024} * 1024, 'x') + "\"}", "is larger than 1 MiB"},
         }) {
        BOOST_TEST_CONTEXT(row.body.substr(0, 60)) {
            ReplyBody const body = readReplyBody(row.body);
            BOOST_TEST(body.fault == row.fault);
            BOOST_TEST((row.fault.empty() || body.fields.find("a") == nullptr));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
