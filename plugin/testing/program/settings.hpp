#pragma once

#include <runai/testing/fake_control_plane_options.hpp>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>

namespace runai::testing {

/// The command line cannot be understood.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Option name to value; empty for options that take none.
using CommandLine = std::map<std::string, std::string>;

struct Settings {
    enum class Action { serve, start, stop };

    Action action = Action::serve;
    std::filesystem::path folder; ///< Of a background server. All paths are absolute.
    FakeControlPlaneOptions controlPlane;
    std::filesystem::path configOut;
    std::filesystem::path caOut;
    std::filesystem::path accountsOut;
    std::optional<std::chrono::seconds> stopAfter;
};

/// Throws UsageError.
Settings readSettings(CommandLine const& commandLine);

/// As the command line and the documentation write it: `3.0`.
std::string nameOf(Version version);

} // namespace runai::testing
