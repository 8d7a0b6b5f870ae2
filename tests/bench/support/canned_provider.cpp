#include "support/canned_provider.hpp"

#include "support/nginx.hpp"

#include <httptest/bearer_auth_provider.hpp>

namespace httptest::bench {

namespace {

class CannedSource final : public TokenSource {
public:
    Token fetch(LoginContext const&) override {
        Token token;
        token.accessToken = Secret(makeToken());
        token.expiresIn = std::chrono::hours(1);
        return token;
    }
    std::string describe() const override { return "a canned token"; }
};

class CannedFactory final : public ProviderFactory {
public:
    std::string name() const override { return "canned"; }
    std::vector<SettingSpec> settings() const override { return {}; }
    std::unique_ptr<AuthProvider> create(ProviderContext const& context) const override {
        return std::make_unique<BearerAuthProvider>(cannedSource(), context);
    }
};

} // namespace

std::string makeToken() {
    std::string token;
    for (std::size_t i = 0; i < tokenBytes; ++i) {
        token += static_cast<char>('a' + i * 7 % 26);
    }
    return token;
}

std::unique_ptr<TokenSource> cannedSource() {
    return std::make_unique<CannedSource>();
}

std::shared_ptr<ProviderFactory const> cannedFactory() {
    return std::make_shared<CannedFactory>();
}

HarnessOptions cannedOptions(std::string const& baseUrl, std::string const& caFile) {
    HarnessOptions options;
    options.configuration.emplace();
    options.configuration->set("canned.base_url", baseUrl);
    if (!caFile.empty()) {
        options.configuration->set("canned.ca_file", caFile);
    }
    options.providers.push_back(cannedFactory());
    return options;
}

} // namespace httptest::bench
