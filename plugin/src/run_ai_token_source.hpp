#pragma once

#include "credentials/choose.hpp"
#include "login_errors.hpp"
#include "token_api.hpp"
#include "token_api_choice.hpp"
#include "token_api_v1.hpp"
#include "token_api_v2.hpp"

#include <httptest/clock.hpp>
#include <httptest/settings.hpp>
#include <httptest/token_source.hpp>
#include <httptest/url.hpp>

#include <memory>
#include <optional>
#include <string>

namespace runai {

/// Logs in to a Run:ai control plane with the configured credentials.
class RunAiTokenSource final : public httptest::TokenSource {
public:
    /// @throws Misconfigured
    RunAiTokenSource(httptest::Url baseUrl, httptest::Settings const& settings,
                     std::shared_ptr<httptest::Clock> const& clock, TokenApiMemory& memory);

    httptest::Token fetch(httptest::LoginContext const& context) override;
    std::optional<httptest::SharingKey> sharing() const override;
    std::string credentialVersion() const override;
    bool renewable() const noexcept override { return credentials_.source->account().renewable; }
    std::optional<httptest::WallTime> renewableUntil() const override { return credentials_.source->end(); }
    std::string describe() const override;

private:
    httptest::Token logIn(Credentials const& credentials, httptest::LoginContext const& context);
    httptest::Token refresh(httptest::Secret const& refreshToken, httptest::LoginContext const& context);
    LoginAnswer ask(ApiVersion version, Login const& login, httptest::LoginContext const& context);

    httptest::Url const baseUrl_;
    Choice const credentials_;
    Grant const grant_;
    TokenApiV1 const v1_;
    TokenApiV2 const v2_;
    TokenApiChoice choice_;
    LoginErrors const errors_;
};

} // namespace runai
