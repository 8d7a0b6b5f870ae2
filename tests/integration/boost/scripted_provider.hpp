#pragma once

#include <httptest/bearer_auth_provider.hpp>
#include <httptest/error.hpp>
#include <httptest/providers.hpp>
#include <httptest/token_source.hpp>

#include <memory>
#include <string>
#include <vector>

namespace cases {

class Source final : public httptest::TokenSource {
public:
    explicit Source(bool rejected) : rejected_(rejected) {}

    httptest::Token fetch(httptest::LoginContext const&) override {
        if (rejected_) {
            throw httptest::CredentialsRejected("could not log in to https://api.test as ci: invalid_client");
        }
        httptest::Token token;
        token.accessToken = httptest::Secret("opaque-token-of-the-cases");
        return token;
    }

    std::string describe() const override { return "scripted credentials"; }

private:
    bool rejected_;
};

class Factory final : public httptest::ProviderFactory {
public:
    explicit Factory(bool rejected) : rejected_(rejected) {}

    std::string name() const override { return "scripted"; }
    std::vector<httptest::SettingSpec> settings() const override { return {}; }
    std::unique_ptr<httptest::AuthProvider> create(httptest::ProviderContext const& context) const override {
        return std::make_unique<httptest::BearerAuthProvider>(std::make_unique<Source>(rejected_), context);
    }

private:
    bool rejected_;
};

} // namespace cases
