#include "made_exchange.hpp"
#include "recorded_reports.hpp"

#include <httptest/error.hpp>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace {

using httptest::ExpectationFailed;
using httptest::InvalidExpectation;

class CaptureFixture : public RecordedReports {
public:
    /// How the capture failed.
    template <class T>
    std::string failure(std::string const& json, char const* pointer) {
        std::size_t const before = failures().size();
        BOOST_CHECK_THROW(jsonExchange(json).capture<T>(pointer), ExpectationFailed);
        BOOST_TEST_REQUIRE(failures().size() == before + 1);
        BOOST_TEST((failures().back().outcome == httptest::Outcome::fatal));
        return failures().back().firstLine();
    }
};

struct Project {
    std::string name;
    int gpus = 0;
};

void from_json(nlohmann::json const& json, Project& project) {
    json.at("name").get_to(project.name);
    json.at("gpus").get_to(project.gpus);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(capture, CaptureFixture)

BOOST_AUTO_TEST_CASE(values_of_every_type) {
    auto const exchange = jsonExchange(
        R"({"id":"p1","ok":true,"n":-3,"u":18446744073709551615,"x":1.5,"list":[1,2],"p":{"name":"a","gpus":2}})");
    BOOST_TEST(exchange.capture<std::string>("/id") == "p1");
    BOOST_TEST(exchange.capture<bool>("/ok"));
    BOOST_TEST(exchange.capture<int>("/n") == -3);
    BOOST_TEST(exchange.capture<std::uint64_t>("/u") == std::numeric_limits<std::uint64_t>::max());
    BOOST_TEST(exchange.capture<double>("/x") == 1.5);
    BOOST_TEST(exchange.capture<double>("/n") == -3.0);
    BOOST_TEST((exchange.capture<std::vector<int>>("/list") == std::vector{1, 2}));
    BOOST_TEST((exchange.capture<nlohmann::json>("/p") == nlohmann::json{{"name", "a"}, {"gpus", 2}}));
    BOOST_TEST(exchange.capture<Project>("/p").gpus == 2);
    BOOST_TEST(exchange.capture<nlohmann::json>("").size() == 7U);
    BOOST_TEST(failures().empty());
}

BOOST_AUTO_TEST_CASE(integers_hold_their_ends_and_nothing_beyond) {
    auto const exchange = jsonExchange("[127,-128,9223372036854775807,-9223372036854775808,3.0,0]");
    BOOST_TEST(exchange.capture<std::int8_t>("/0") == 127);
    BOOST_TEST(exchange.capture<std::int8_t>("/1") == -128);
    BOOST_TEST((exchange.capture<std::int64_t>("/2") == std::numeric_limits<std::int64_t>::max()));
    BOOST_TEST((exchange.capture<std::int64_t>("/3") == std::numeric_limits<std::int64_t>::min()));
    BOOST_TEST(exchange.capture<int>("/4") == 3);
    BOOST_TEST(exchange.capture<unsigned>("/5") == 0U);
    BOOST_TEST(failure<std::int8_t>("[128]", "/0") == "cannot capture /0 as an integer from -128 to 127: it is 128");
    BOOST_TEST(failure<unsigned>("[-1]", "/0") == "cannot capture /0 as an integer from 0 to 4294967295: it is -1");
    BOOST_TEST(failure<int>("[1.5]", "/0") ==
               "cannot capture /0 as an integer from -2147483648 to 2147483647: it is 1.5");
    failure<std::int64_t>("[9223372036854775808]", "/0");
    failure<std::uint64_t>("[18446744073709551616]", "/0");
}

BOOST_AUTO_TEST_CASE(doubles_round_no_integer) {
    BOOST_TEST(jsonExchange("[9007199254740992]").capture<double>("/0") == 9007199254740992.0);
    BOOST_TEST(failure<double>("[9007199254740993]", "/0") ==
               "cannot capture /0 as a double, which would round it: it is 9007199254740993");
    failure<double>("[18446744073709551615]", "/0");
    BOOST_TEST(jsonExchange("[1e300]").capture<double>("/0") == 1e300);
    BOOST_TEST(jsonExchange("[1e-999]").capture<double>("/0") == 0.0);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_or_of_another_type_ends_the_case) {
    std::string const json = R"({"id":"p1","count":3})";
    BOOST_TEST(failure<std::string>(json, "/count") == "cannot capture /count as a string: it is 3");
    BOOST_TEST(failure<int>(json, "/id") == "cannot capture /id as a number: it is \"p1\"");
    BOOST_TEST(failure<bool>(json, "/count") == "cannot capture /count as a boolean: it is 3");
    BOOST_TEST(failure<std::string>(json, "/di") ==
               "cannot capture /di: the body has no member 'di'; it has 'id', 'count'");
    BOOST_TEST(failure<std::vector<int>>(json, "/idd") ==
               "cannot capture /idd: the body has no member 'idd'; it has 'id', 'count' (did you mean 'id'?)");
    BOOST_TEST(
        failure<std::vector<int>>(json, "/id").starts_with("cannot capture /id: [json.exception.type_error.302]"));
    BOOST_TEST(
        failure<Project>(R"({"name":"a"})", "").starts_with("cannot capture the body: [json.exception.out_of_range"));
    BOOST_TEST(failure<int>("<html>", "/a") == "cannot capture /a: the body is no JSON from byte 1 on");
    BOOST_TEST(failure<int>("", "/a") == "cannot capture /a: the body is empty, which is no JSON");
    BOOST_TEST(failure<double>("[1e999]", "/0") ==
               "cannot capture /0: the body has a number beyond the range of a double, which is 1e999");
}

BOOST_AUTO_TEST_CASE(a_secret_of_the_wrong_type_is_not_shown) {
    BOOST_TEST(failure<int>(R"({"password":"hunter2"})", "/password") ==
               "cannot capture /password as a number: it is [redacted]");
}

BOOST_AUTO_TEST_CASE(a_failure_points_at_the_callers_line) {
    unsigned const line = __LINE__ + 1;
    BOOST_CHECK_THROW(jsonExchange("{}").capture<std::string>("/id"), ExpectationFailed);
    BOOST_TEST(failures().back().where.line == line);
    BOOST_CHECK_EXCEPTION(jsonExchange("{}").capture<int>("id"), InvalidExpectation,
                          [](InvalidExpectation const& error) { return error.location().line == __LINE__ - 1; });
}

BOOST_AUTO_TEST_SUITE_END()
