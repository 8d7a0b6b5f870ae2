#pragma once

#include "arguments.hpp"

#include <httptest/configuration.hpp>
#include <httptest/harness.hpp>
#include <httptest/providers.hpp>
#include <httptest/settings.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace httptest::cli {

/// The configuration as a harness reads it, one part after the other, so that the doctor can stop between them.
class Setup {
public:
    /// Reads environment and file, and the harness's own settings.
    /// @throws Misconfigured
    Setup();

    Configuration const& configuration() const noexcept { return configuration_; }
    Settings const& own() const noexcept { return own_; }
    std::string const& providerName() const { return own_.text("provider"); }
    Providers& providers() noexcept { return providers_; }

    /// Loads the provider's library.
    /// @throws PluginError
    void loadProvider() { factory_ = providers_.find(providerName()); }

    /// The connection's settings and the provider's; `loadProvider` comes first.
    std::vector<SettingSpec> providerSpecs() const;

    /// @param identity  Empty for the default one.
    /// @throws Misconfigured
    Settings providerSettings(std::string const& identity = {}) const;

private:
    Configuration configuration_ = Configuration::fromEnvironment();
    Settings own_ = configuration_.resolve("", Harness::settingSpecs());
    Providers providers_;
    std::shared_ptr<ProviderFactory const> factory_;
};

/// A harness of the environment's that counts as none of the tests'.
HarnessOptions commandHarness();

/// `--identity`, of the commands that log in.
Option identityOption();

/// What bounds one step of a command: `--timeout`, 10 s without it.
Option timeoutOption();
std::chrono::milliseconds timeoutOf(Arguments const& arguments);

} // namespace httptest::cli
