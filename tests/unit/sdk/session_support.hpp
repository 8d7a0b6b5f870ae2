#pragma once

#include <httptest/bearer_auth_provider.hpp>
#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/providers.hpp>
#include <httptest/testing/fake_clock.hpp>
#include <httptest/testing/scripted_transport.hpp>
#include <httptest/token_source.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace session_support {

/// What the scripted server and its identity look like; shared by the factory and the test.
struct Script {
    std::shared_ptr<httptest::testing::FakeClock> clock = std::make_shared<httptest::testing::FakeClock>();
    std::shared_ptr<httptest::testing::ScriptedTransport> transport =
        std::make_shared<httptest::testing::ScriptedTransport>(clock);
    int logins = 0;
    /// Called with the login's number; may throw.
    std::function<void(int)> onLogin = [](int) {};
};

inline std::string tokenOf(int login) {
    return "opaque-session-token-" + std::to_string(login);
}

class Source final : public httptest::TokenSource {
public:
    explicit Source(std::shared_ptr<Script> script) : script_(std::move(script)) {}

    httptest::Token fetch(httptest::LoginContext const&) override {
        int const login = ++script_->logins;
        script_->onLogin(login);
        httptest::Token token;
        token.accessToken = httptest::Secret(tokenOf(login));
        token.expiresIn = std::chrono::seconds(3600);
        return token;
    }

    std::string describe() const override { return "scripted credentials of 'ci'"; }

private:
    std::shared_ptr<Script> script_;
};

class Factory final : public httptest::ProviderFactory {
public:
    explicit Factory(std::shared_ptr<Script> script) : script_(std::move(script)) {}

    std::string name() const override { return "scripted"; }
    std::vector<httptest::SettingSpec> settings() const override { return {}; }
    std::unique_ptr<httptest::AuthProvider> create(httptest::ProviderContext const& context) const override {
        return std::make_unique<httptest::BearerAuthProvider>(std::make_unique<Source>(script_), context);
    }

private:
    std::shared_ptr<Script> script_;
};

inline httptest::HarnessOptions optionsOf(std::shared_ptr<Script> const& script, std::string_view baseUrl) {
    httptest::HarnessOptions options;
    options.configuration = httptest::Configuration().set("scripted.base_url", baseUrl);
    options.providers = {std::make_shared<Factory>(script)};
    options.transport = script->transport;
    options.clock = script->clock;
    return options;
}

inline bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// A harness over a scripted transport; made when first asked for, so that a case can configure it.
class HarnessOverScript {
public:
    std::shared_ptr<Script> const script = std::make_shared<Script>();
    httptest::testing::ScriptedTransport& transport = *script->transport;
    httptest::HarnessOptions options = optionsOf(script, "https://api.test");

    httptest::Harness& harness() {
        std::lock_guard const lock(making_); // cases ask for it in threads, too
        if (!harness_) {
            harness_.emplace(options);
        }
        return *harness_;
    }

    httptest::Session session() { return harness().session(); }
    void endHarness() { harness_.reset(); }

    void answer(int status, std::string body = "{}") {
        transport.reply(httptest::testing::jsonReply(status, std::move(body)));
    }

    /// A request's Authorization header; empty when it has none.
    std::string authorization(std::size_t request) const {
        httptest::Request const sent = transport.requests().at(request);
        std::string const* const value = sent.headers.find("Authorization");
        return value != nullptr ? *value : std::string();
    }

    std::string urlOf(std::size_t request) const { return transport.requests().at(request).url.text(); }

private:
    std::mutex making_; // guards that `harness_` is made
    std::optional<httptest::Harness> harness_;
};

} // namespace session_support
