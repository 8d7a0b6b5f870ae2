#include "duration.hpp"

#include "arguments.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>

namespace httptest::cli {

namespace {

constexpr std::int64_t secondsInYear = std::int64_t{365} * 24 * 3600;

struct Unit {
    char sign;
    char const* name;
    std::int64_t seconds;
};

constexpr std::array units{Unit{'d', "d", 86400}, Unit{'h', "h", 3600}, Unit{'m', "min", 60}, Unit{'s', "s", 1}};

[[noreturn]] void refuse(std::string_view option, std::string_view text) {
    throw UsageError("--" + std::string(option) +
                     " takes a duration such as 3h, 90m, 1h30m or 45s (a year at most), not '" + std::string(text) +
                     "'");
}

} // namespace

std::chrono::seconds readDuration(std::string_view option, std::string_view text) {
    std::int64_t total = 0;
    std::string_view rest = text;
    while (!rest.empty()) {
        std::int64_t number = 0;
        auto const [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
        if (error != std::errc() || number < 0 || number > secondsInYear) {
            refuse(option, text);
        }
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
        std::int64_t factor = 0;
        for (Unit const& unit : units) {
            factor = !rest.empty() && rest.front() == unit.sign ? unit.seconds : factor;
        }
        if (factor == 0 && (!rest.empty() || total > 0)) {
            refuse(option, text);
        }
        rest.remove_prefix(rest.empty() ? 0 : 1);
        total += number * (factor == 0 ? 1 : factor);
    }
    if (total <= 0 || total > secondsInYear) {
        refuse(option, text);
    }
    return std::chrono::seconds(total);
}

std::string describeDuration(std::chrono::nanoseconds duration) {
    double const exact = std::chrono::duration<double>(duration).count();
    if (exact < 60) {
        std::array<char, 32> buffer{};
        std::snprintf(buffer.data(), buffer.size(), "%.1f s", exact);
        return buffer.data();
    }
    std::int64_t rest = std::chrono::floor<std::chrono::seconds>(duration).count();
    std::string text;
    int shown = 0;
    for (Unit const& unit : units) {
        std::int64_t const count = rest / unit.seconds;
        rest %= unit.seconds;
        if (shown < 2 && (count > 0 || shown > 0)) {
            ++shown;
            if (count > 0) {
                text.append(text.empty() ? "" : " ").append(std::to_string(count)).append(" ").append(unit.name);
            }
        }
    }
    return text;
}

} // namespace httptest::cli
