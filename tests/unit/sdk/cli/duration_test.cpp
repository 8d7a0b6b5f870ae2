#include "duration.hpp"
#include "arguments.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using httptest::cli::describeDuration;
using httptest::cli::readDuration;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(CommandDuration)

BOOST_AUTO_TEST_CASE(units_may_be_combined_and_seconds_need_none) {
    BOOST_CHECK(readDuration("for", "3h") == 3h);
    BOOST_CHECK(readDuration("for", "1h30m") == 90min);
    BOOST_CHECK(readDuration("for", "45s") == 45s);
    BOOST_CHECK(readDuration("for", "45") == 45s);
    BOOST_CHECK(readDuration("for", "2d") == 48h);
    BOOST_CHECK(readDuration("for", "365d") == 365 * 24h);
}

BOOST_DATA_TEST_CASE(what_is_no_duration_is_refused,
                     boost::unit_test::data::make({"", "0", "0s", "-1s", "+1s", "h", "3x", "3h5", "1.5h", "3 h", " 3h",
                                                   "366d", "99999999999999999999s", "31536001"}),
                     text) {
    BOOST_CHECK_EXCEPTION(readDuration("for", text), httptest::cli::UsageError, [](auto const& error) {
        return std::string(error.what()).starts_with("--for takes a duration");
    });
}

BOOST_AUTO_TEST_CASE(a_duration_is_told_in_two_units_at_most) {
    BOOST_TEST(describeDuration(4200ms) == "4.2 s");
    BOOST_TEST(describeDuration(-4200ms) == "-4.2 s");
    BOOST_TEST(describeDuration(60s) == "1 min");
    BOOST_TEST(describeDuration(3599s) == "59 min 59 s");
    BOOST_TEST(describeDuration(1h) == "1 h");
    BOOST_TEST(describeDuration(1h + 59s) == "1 h");
    BOOST_TEST(describeDuration(50h + 5min) == "2 d 2 h");
}

BOOST_AUTO_TEST_SUITE_END()
