#include "time_text.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace httptest::inline v1 {

namespace {

/// @param format  For year, month, day, hour, minute and second.
std::string utc(WallTime time, char const* format) {
    auto const seconds = std::chrono::floor<std::chrono::seconds>(time);
    auto const days = std::chrono::floor<std::chrono::days>(seconds);
    std::chrono::year_month_day const date(days);
    std::chrono::hh_mm_ss const clock(seconds - days);
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), format, static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return buffer.data();
}

} // namespace

std::string utcText(WallTime time) {
    return utc(time, "%04d-%02u-%02uT%02d:%02d:%02dZ");
}

std::string utcForName(WallTime time) {
    return utc(time, "%04d%02u%02ut%02d%02d%02dz");
}

std::string utcWithMilliseconds(WallTime time) {
    auto const rest =
        std::chrono::duration_cast<std::chrono::milliseconds>(time - std::chrono::floor<std::chrono::seconds>(time));
    std::string text = utcText(time);
    text.pop_back();
    std::array<char, 8> buffer{};
    std::snprintf(buffer.data(), buffer.size(), ".%03dZ", static_cast<int>(rest.count()));
    return text + buffer.data();
}

std::string shortTime(std::chrono::nanoseconds time) {
    std::array<char, 64> buffer{};
    double const seconds = std::chrono::duration<double>(time).count();
    if (seconds < 1) {
        std::snprintf(buffer.data(), buffer.size(), "%.1f ms", seconds * 1000);
    } else {
        std::snprintf(buffer.data(), buffer.size(), "%.3f s", seconds);
    }
    return buffer.data();
}

std::string secondsText(std::chrono::nanoseconds time) {
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.1f s", std::chrono::duration<double>(time).count());
    return buffer.data();
}

} // namespace httptest::v1
