#include "time_text.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace httptest::inline v1 {

std::string utcText(WallTime time, char const* format) {
    std::time_t const whole = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    std::tm parts{};
    ::gmtime_r(&whole, &parts);
    std::array<char, 32> buffer{};
    std::strftime(buffer.data(), buffer.size(), format, &parts);
    return buffer.data();
}

std::string utcWithMilliseconds(WallTime time) {
    auto const rest =
        std::chrono::duration_cast<std::chrono::milliseconds>(time - std::chrono::floor<std::chrono::seconds>(time));
    std::array<char, 8> buffer{};
    std::snprintf(buffer.data(), buffer.size(), ".%03dZ", static_cast<int>(rest.count()));
    return utcText(time, "%Y-%m-%dT%H:%M:%S") + buffer.data();
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

std::string seconds(std::chrono::nanoseconds time) {
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.1f s", std::chrono::duration<double>(time).count());
    return buffer.data();
}

} // namespace httptest::v1
