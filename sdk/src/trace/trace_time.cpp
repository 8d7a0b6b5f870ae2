#include "trace/trace_time.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace httptest::inline v1 {

std::string utcWithMilliseconds(WallTime time) {
    auto const whole = std::chrono::floor<std::chrono::seconds>(time);
    auto const rest = std::chrono::duration_cast<std::chrono::milliseconds>(time - whole);
    std::time_t const seconds = whole.time_since_epoch().count();
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    std::size_t const length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::snprintf(text.data() + length, text.size() - length, ".%03dZ", static_cast<int>(rest.count()));
    return text.data();
}

} // namespace httptest::v1
