#include "credentials/ready_token.hpp"

#include "credentials/setting_place.hpp"
#include "token_fields.hpp"

#include <httptest/error.hpp>
#include <httptest/jwt.hpp>

#include <utility>

namespace runai {

namespace {

/// The SDK stops using a token 5 s before its end, and steers by no shorter lifetime: one that has less left is over.
constexpr std::chrono::seconds shortestUse{5};

std::string inWords(std::chrono::seconds time) {
    using namespace std::chrono;
    if (time < minutes(2)) {
        return std::to_string(time.count()) + " s";
    }
    if (time < hours(2)) {
        return std::to_string(duration_cast<minutes>(time).count()) + " min";
    }
    return std::to_string(duration_cast<hours>(time).count()) + " h";
}

class ReadyToken final : public CredentialSource {
public:
    explicit ReadyToken(httptest::Settings const& settings) : token_(settings.secret("token")) {
        std::string const place = shortWhere(token_.where());
        name_ = "the token of " + fileAndWhere(token_);
        renewal_ = token_.path().empty()
                       ? "get a new one and set " + place + " before the tests start"
                       : "whoever writes that file must renew it; it is read again as soon as it changes";
        account_.description = "token of " + place;
        account_.renewable = false;
    }

    Account const& account() const noexcept override { return account_; }
    Obtained obtain(httptest::LoginContext const& context) override {
        return usableToken(token_.read(), context.clock.wall(), name_, renewal_);
    }
    std::string version() const override { return token_.version(); }

private:
    httptest::SecretSource const token_;
    std::string name_;
    std::string renewal_;
    Account account_;
};

} // namespace

std::unique_ptr<CredentialSource> readyToken(httptest::Settings const& settings) {
    return std::make_unique<ReadyToken>(settings);
}

httptest::Token usableToken(httptest::Secret token, httptest::WallTime now, std::string const& name,
                            std::string const& renewal) {
    if (std::string const fault = faultOfToken(token.reveal()); !fault.empty()) {
        throw httptest::Misconfigured(name + " " + fault);
    }
    std::optional<std::chrono::seconds> const left = timeLeft(token, now);
    if (left && *left <= shortestUse) {
        throw httptest::Misconfigured(name + " " + endInWords(*left) + ": " + renewal);
    }
    httptest::Token result;
    result.accessToken = std::move(token);
    result.expiresIn = left;
    result.expiresInSource = "exp";
    return result;
}

std::optional<std::chrono::seconds> timeLeft(httptest::Secret const& token, httptest::WallTime now) {
    auto const claims = httptest::readJwt(token.reveal());
    if (!claims || !claims->expiresAt) {
        return std::nullopt;
    }
    return std::chrono::seconds(*claims->expiresAt) - std::chrono::ceil<std::chrono::seconds>(now.time_since_epoch());
}

std::string endInWords(std::chrono::seconds left) {
    return left.count() > 0 ? "ends in " + inWords(left) : "ended " + inWords(-left) + " ago";
}

std::string fileAndWhere(httptest::SecretSource const& source) {
    std::string const place = shortWhere(source.where());
    return source.path().empty() ? place : "'" + source.path() + "' (" + place + ")";
}

} // namespace runai
