#include "settings.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace runai::testing {

namespace {

/// A server that nobody stops must not stay for ever.
constexpr std::chrono::seconds backgroundLife{3600};

constexpr std::array versions{
    std::pair{Version::v2_18, "2.18"},
    std::pair{Version::v2_20, "2.20"},
    std::pair{Version::v3_0, "3.0"},
};

constexpr int anyInt = std::numeric_limits<int>::max();

int readNumber(std::string const& option, std::string const& text, int lowest, int highest) {
    int number = 0;
    auto const* end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stopped != end || number < lowest || number > highest) {
        throw UsageError("--" + option + " must be a whole number from " + std::to_string(lowest) + " to " +
                         std::to_string(highest) + ", not '" + text + "'");
    }
    return number;
}

Version readVersion(std::string const& text) {
    for (auto const& [version, name] : versions) {
        if (text == name) {
            return version;
        }
    }
    throw UsageError("--version must be 2.18, 2.20 or 3.0, not '" + text + "'");
}

std::filesystem::path readPath(std::string const& option, std::string const& text) {
    if (text.empty()) {
        throw UsageError("--" + option + " needs a path");
    }
    return std::filesystem::absolute(text).lexically_normal();
}

void apply(std::string const& option, std::string const& value, Settings& settings) {
    auto& plane = settings.controlPlane;
    if (option == "port") {
        plane.port = static_cast<std::uint16_t>(readNumber(option, value, 0, 65535));
    } else if (option == "tls") {
        plane.tls = true;
    } else if (option == "version") {
        plane.version = readVersion(value);
    } else if (option == "token-lifetime") {
        plane.tokenLifetime = std::chrono::seconds(readNumber(option, value, 1, anyInt));
    } else if (option == "no-expires-in") {
        plane.expiresIn = ExpiresIn::never;
    } else if (option == "login-delay-ms") {
        plane.loginDelay = std::chrono::milliseconds(readNumber(option, value, 0, anyInt));
    } else if (option == "clock-skew") {
        plane.clockSkew = std::chrono::seconds(readNumber(option, value, -anyInt, anyInt));
    } else if (option == "config-out") {
        settings.configOut = readPath(option, value);
    } else if (option == "ca-out") {
        settings.caOut = readPath(option, value);
    } else if (option == "accounts-out") {
        settings.accountsOut = readPath(option, value);
    } else if (option == "without-v1") {
        plane.withoutV1 = true;
    } else if (option == "stop-after") {
        settings.stopAfter = std::chrono::seconds(readNumber(option, value, 1, anyInt));
    } else {
        settings.action = option == "start" ? Settings::Action::start : Settings::Action::stop;
        settings.folder = readPath(option, value);
    }
}

} // namespace

Settings readSettings(CommandLine const& commandLine) {
    if (commandLine.contains("stop") && commandLine.size() > 1) {
        throw UsageError("--stop takes no other options");
    }
    if (commandLine.contains("ca-out") && !commandLine.contains("tls")) {
        throw UsageError("--ca-out needs --tls: without it there is no certificate");
    }
    Settings settings;
    for (auto const& [option, value] : commandLine) {
        apply(option, value, settings);
    }
    if (settings.action == Settings::Action::start && !settings.stopAfter) {
        settings.stopAfter = backgroundLife;
    }
    return settings;
}

std::string nameOf(Version version) {
    for (auto const& [candidate, name] : versions) {
        if (candidate == version) {
            return name;
        }
    }
    return "unknown";
}

} // namespace runai::testing
