#pragma once

#include "factory.hpp"

#include <httptest/providers.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace fault_tests {

/// The plugin's provider with pauses between logins that a test can wait for.
class SwiftRunAi final : public httptest::ProviderFactory {
public:
    std::string name() const override { return real_.name(); }
    std::vector<httptest::SettingSpec> settings() const override { return real_.settings(); }
    std::string version() const override { return real_.version(); }

    std::unique_ptr<httptest::AuthProvider> create(httptest::ProviderContext const& context) const override {
        constexpr std::chrono::milliseconds pause{1};
        auto swift = context;
        swift.policy.firstBackoff = pause;
        swift.policy.longestBackoff = pause;
        swift.policy.longestRetryAfter = pause;
        swift.policy.badReplyPause = pause;
        return real_.create(swift);
    }

private:
    runai::Factory real_;
};

} // namespace fault_tests
