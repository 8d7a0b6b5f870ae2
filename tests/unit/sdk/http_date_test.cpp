#include <httptest/headers.hpp>
#include <httptest/http_date.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <string>

using namespace std::chrono_literals;
using httptest::Headers;
using httptest::parseHttpDate;
using httptest::WallTime;

namespace {

namespace data = boost::unit_test::data;

constexpr WallTime example = std::chrono::sys_days(std::chrono::November / 6 / 1994) + 8h + 49min + 37s;
constexpr WallTime noon = std::chrono::sys_days(std::chrono::January / 1 / 2026) + 12h;

char const* const exampleForms[] = {
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
};

char const* const garbage[] = {
    "",
    " ",
    "0",
    "tomorrow",
    "1994-11-06T08:49:37Z",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 06 Nov 1994 08:49:37 UTC",
    "Sun, 06 Nov 1994 08:49:37 +0200",
    "Mon, 06 Nov 1994 08:49:37 GMT",
    "Sun, 6 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 94 08:49:37 GMT",
    "Sun, 06 Non 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 8:49:37 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT",
    "Sun, 06 Nov 1994 08:60:37 GMT",
    "Sun, 32 Nov 1994 08:49:37 GMT",
    "Wed, 30 Feb 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT GMT",
    " Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 99999 08:49:37 GMT",
    "Sun, 06 Nov -994 08:49:37 GMT",
    "%w, %d %b %Y %H:%M:%S GMT",
};

Headers with(std::string const& retryAfter, std::string const& date = {}) {
    Headers headers;
    headers.set("Retry-After", retryAfter);
    if (!date.empty()) {
        headers.set("Date", date);
    }
    return headers;
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_date)

BOOST_DATA_TEST_CASE(all_three_forms_are_read, data::make(exampleForms), text) {
    BOOST_TEST((parseHttpDate(text) == example));
}

BOOST_AUTO_TEST_CASE(days_around_a_leap_day_are_read) {
    BOOST_TEST((parseHttpDate("Wed, 28 Feb 2024 23:59:59 GMT") ==
                WallTime(std::chrono::sys_days(std::chrono::February / 28 / 2024) + 24h - 1s)));
    BOOST_TEST((parseHttpDate("Thu, 29 Feb 2024 00:00:00 GMT") ==
                WallTime(std::chrono::sys_days(std::chrono::February / 29 / 2024))));
    BOOST_TEST(!parseHttpDate("Sun, 29 Feb 2026 00:00:00 GMT").has_value());
}

BOOST_AUTO_TEST_CASE(a_year_of_two_digits_is_a_recent_one) {
    BOOST_TEST((parseHttpDate("Thursday, 01-Jan-26 12:00:00 GMT") == noon));
}

BOOST_DATA_TEST_CASE(anything_else_is_no_date, data::make(garbage), text) {
    BOOST_TEST(!parseHttpDate(text).has_value());
}

BOOST_AUTO_TEST_CASE(the_servers_time_is_its_date) {
    Headers headers;
    BOOST_TEST(!httptest::serverTime(headers).has_value());
    headers.set("Date", exampleForms[0]);
    BOOST_TEST((httptest::serverTime(headers) == example));
    headers.set("Date", "soon");
    BOOST_TEST(!httptest::serverTime(headers).has_value());
}

BOOST_AUTO_TEST_CASE(retry_after_is_read_as_seconds) {
    BOOST_TEST((httptest::retryAfter(with("0"), noon) == 0s));
    BOOST_TEST((httptest::retryAfter(with("1"), noon) == 1s));
    BOOST_TEST((httptest::retryAfter(with("120"), noon) == 120s));
    BOOST_TEST((httptest::retryAfter(with("007"), noon) == 7s));
}

BOOST_AUTO_TEST_CASE(a_huge_retry_after_is_bounded) {
    BOOST_TEST((httptest::retryAfter(with("315360000"), noon) == 3650 * 24h));
    BOOST_TEST((httptest::retryAfter(with("315360001"), noon) == 3650 * 24h));
    BOOST_TEST((httptest::retryAfter(with("9223372036854775808"), noon) == 3650 * 24h));
    BOOST_TEST((httptest::retryAfter(with(std::string(400, '9')), noon) == 3650 * 24h));
    BOOST_TEST((httptest::retryAfter(with("Fri, 31 Dec 9999 23:59:59 GMT"), noon) == 3650 * 24h));
}

BOOST_AUTO_TEST_CASE(a_retry_after_that_is_neither_seconds_nor_date_says_nothing) {
    for (char const* text : {"", "-1", "1.5", "+3", "soon", "10 s", "0x10"}) {
        BOOST_TEST(!httptest::retryAfter(with(text), noon).has_value(), text);
    }
    BOOST_TEST(!httptest::retryAfter({}, noon).has_value());
}

BOOST_AUTO_TEST_CASE(a_retry_after_date_is_measured_against_our_clock_without_a_date_of_the_reply) {
    BOOST_TEST((httptest::retryAfter(with("Thu, 01 Jan 2026 12:00:30 GMT"), noon) == 30s));
    BOOST_TEST((httptest::retryAfter(with("Thu, 01 Jan 2026 12:00:00 GMT"), noon) == 0s));
    BOOST_TEST((httptest::retryAfter(with("Thu, 01 Jan 2026 11:59:59 GMT"), noon) == 0s));
}

BOOST_AUTO_TEST_CASE(a_retry_after_date_is_measured_against_the_replys_date) {
    std::string const date = "Thu, 01 Jan 2026 12:10:00 GMT"; // ten minutes ahead of us
    BOOST_TEST((httptest::retryAfter(with("Thu, 01 Jan 2026 12:10:30 GMT", date), noon) == 30s));
    BOOST_TEST((httptest::retryAfter(with("Thu, 01 Jan 2026 12:09:59 GMT", date), noon) == 0s));
}

BOOST_AUTO_TEST_SUITE_END()
