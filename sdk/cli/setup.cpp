#include "setup.hpp"

#include "duration.hpp"

namespace httptest::cli {

namespace {

/// As the harness takes it.
std::string pluginPath(Settings const& own) {
    if (!own.has("plugin_path")) {
        return {};
    }
    own.requireTrusted("plugin_path");
    return own.text("plugin_path");
}

} // namespace

Setup::Setup() : providers_(pluginPath(own_)) {}

std::vector<SettingSpec> Setup::providerSpecs() const {
    return Harness::settingSpecsOf(*factory_);
}

Settings Setup::providerSettings(std::string const& identity) const {
    std::vector<SettingSpec> const specs = providerSpecs();
    configuration_.refuseUnknownKeys({{"", Harness::settingSpecs()}, {providerName(), specs}});
    return configuration_.resolve(providerName(), specs, identity);
}

HarnessOptions commandHarness() {
    HarnessOptions options;
    options.appendsSummary = false;
    return options;
}

Option identityOption() {
    return {"identity", '\0', "NAME", "Log in as this identity; the default one without it."};
}

Option timeoutOption() {
    return {"timeout", '\0', "DURATION", "The longest that one step may take; 10s by default."};
}

std::chrono::milliseconds timeoutOf(Arguments const& arguments) {
    return readDuration("timeout", arguments.value("timeout", "10s"));
}

} // namespace httptest::cli
