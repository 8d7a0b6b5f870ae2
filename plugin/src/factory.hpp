#pragma once

#include <httptest/providers.hpp>

#include <memory>
#include <string>
#include <vector>

namespace runai {

/// Makes providers that log in to a Run:ai control plane: `HTTPTEST_PROVIDER=runai`.
class Factory final : public httptest::ProviderFactory {
public:
    std::string name() const override;
    std::vector<httptest::SettingSpec> settings() const override;
    std::unique_ptr<httptest::AuthProvider> create(httptest::ProviderContext const& context) const override;
    std::string version() const override;
};

} // namespace runai
