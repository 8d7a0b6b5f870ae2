#include "settings.hpp"

#include <charconv>
#include <cstdlib>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace soak {

namespace {

std::uint64_t numberOf(char const* variable, std::uint64_t least, std::uint64_t most, std::uint64_t otherwise) {
    char const* const text = std::getenv(variable); // NOLINT(concurrency-mt-unsafe): before there are threads
    if (text == nullptr) {
        return otherwise;
    }
    std::string_view const digits(text);
    std::uint64_t number = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size() || number < least || number > most) {
        throw std::runtime_error(std::string(variable) + " is '" + text + "'; it must be a whole number from " +
                                 std::to_string(least) + " to " + std::to_string(most));
    }
    return number;
}

} // namespace

Settings settingsOfEnvironment() {
    constexpr std::uint64_t shortest = 10; // below, there is no token's end in it and no trend to be seen
    constexpr std::uint64_t longest = std::uint64_t{24} * 60 * 60;
    Settings settings;
    settings.duration = std::chrono::seconds(numberOf("HTTPTEST_SOAK_SECONDS", shortest, longest, 30));
    settings.seed =
        numberOf("HTTPTEST_SOAK_SEED", 0, std::numeric_limits<std::uint64_t>::max(), std::random_device()());
    settings.faultsPerMille = static_cast<unsigned>(numberOf("HTTPTEST_SOAK_FAULTS_PER_MILLE", 0, 100, 10));
    return settings;
}

} // namespace soak
