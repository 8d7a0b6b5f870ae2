#include <httptest/http_date.hpp>

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/DateTimeParser.h>
#include <Poco/Timestamp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace httptest::inline v1 {

namespace {

// IMF-fixdate, RFC 850 and asctime. Poco's parser is lenient, so a date counts only if it prints as it was read.
constexpr std::array formats = {"%w, %d %b %Y %H:%M:%S GMT", "%W, %d-%b-%y %H:%M:%S GMT", "%w %b %f %H:%M:%S %Y"};

constexpr std::chrono::seconds longestDelay = std::chrono::hours(24 * 3650);

/// WallTime counts nanoseconds and ends in 2262.
WallTime bounded(std::chrono::microseconds sinceEpoch) {
    using std::chrono::microseconds;
    constexpr auto earliest = std::chrono::ceil<microseconds>(WallTime::min().time_since_epoch());
    constexpr auto latest = std::chrono::floor<microseconds>(WallTime::max().time_since_epoch());
    return WallTime(std::clamp(sinceEpoch, earliest, latest));
}

} // namespace

std::optional<WallTime> parseHttpDate(std::string_view text) {
    std::string const input(text);
    for (char const* format : formats) {
        Poco::DateTime date;
        int zone = 0;
        try {
            if (!Poco::DateTimeParser::tryParse(format, input, date, zone)) {
                continue;
            }
        } catch (std::exception const&) {
            continue;
        }
        if (Poco::DateTimeFormatter::format(date, format) == input) {
            return bounded(std::chrono::microseconds(date.timestamp().epochMicroseconds()));
        }
    }
    return std::nullopt;
}

std::optional<WallTime> serverTime(Headers const& headers) {
    std::string const* const date = headers.find("Date");
    return date != nullptr ? parseHttpDate(*date) : std::nullopt;
}

RetryAfter retryAfter(Headers const& headers, WallTime now) {
    std::string const* const value = headers.find("Retry-After");
    if (value == nullptr) {
        return std::nullopt;
    }
    bool const digits =
        !value->empty() && std::all_of(value->begin(), value->end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits) {
        long long seconds = 0;
        auto const [end, error] = std::from_chars(value->data(), value->data() + value->size(), seconds);
        bool const huge = error == std::errc::result_out_of_range || seconds > longestDelay.count();
        return huge ? longestDelay : std::chrono::seconds(seconds);
    }
    std::optional<WallTime> const date = parseHttpDate(*value);
    if (!date) {
        return std::nullopt;
    }
    WallTime const from = serverTime(headers).value_or(now);
    // Compared before subtracting: two far dates differ by more than nanoseconds can count.
    if (*date <= from) {
        return std::chrono::nanoseconds(0);
    }
    return from < *date - longestDelay ? longestDelay : *date - from;
}

} // namespace httptest::v1
