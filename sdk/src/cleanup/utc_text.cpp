#include "cleanup/utc_text.hpp"

#include <array>
#include <chrono>
#include <ctime>

namespace httptest::cleanup {

std::string utcText(WallTime time, char const* format) {
    std::time_t const whole = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    std::tm parts{};
    ::gmtime_r(&whole, &parts);
    std::array<char, 32> buffer{};
    std::strftime(buffer.data(), buffer.size(), format, &parts);
    return buffer.data();
}

} // namespace httptest::cleanup
