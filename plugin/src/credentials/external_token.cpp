#include "credentials/external_token.hpp"

#include "credentials/ready_token.hpp"
#include "credentials/setting_place.hpp"

#include <httptest/error.hpp>
#include <httptest/jwt.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace runai {

namespace {

class ExternalToken final : public CredentialSource {
public:
    explicit ExternalToken(httptest::Settings const& settings) : token_(settings.secret("external_token")) {
        std::string const place = shortWhere(token_.where());
        account_.grant = Grant::externalToken;
        account_.description = std::string(grantName(Grant::externalToken)) + " with the token of " + place;
        account_.toCheck = place;
        account_.hint = " Does the control plane trust the identity provider that issued the token?";
    }

    Account const& account() const noexcept override { return account_; }

    Obtained obtain(httptest::LoginContext const& context) override {
        httptest::Secret token = token_.read();
        std::string const name = "the external token of " + fileAndWhere(token_);
        auto const claims = httptest::readJwt(token.reveal());
        if (!claims) {
            throw httptest::Misconfigured(name + " is no JWT; is it the right one?");
        }
        if (auto const left = timeLeft(token, context.clock.wall()); left && left->count() <= 0) {
            throw httptest::Misconfigured(name + " " + endInWords(*left) +
                                          ": the identity provider, or what fetches its tokens, must renew it");
        }
        end_ = claims->expiresAt.value_or(0);
        return Credentials{claims->subject.empty() ? "external token" : claims->subject, std::move(token)};
    }

    std::optional<httptest::WallTime> end() const override {
        std::int64_t const seconds = end_;
        return seconds == 0 ? std::nullopt : std::optional(httptest::WallTime(std::chrono::seconds(seconds)));
    }

    std::string version() const override { return token_.version(); }

private:
    std::atomic<std::int64_t> end_ = 0; ///< Seconds since 1970; 0 for unknown.
    httptest::SecretSource const token_;
    Account account_;
};

} // namespace

std::unique_ptr<CredentialSource> externalToken(httptest::Settings const& settings) {
    return std::make_unique<ExternalToken>(settings);
}

} // namespace runai
