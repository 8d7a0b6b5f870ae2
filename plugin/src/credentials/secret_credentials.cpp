#include "credentials/secret_credentials.hpp"

#include "credentials/setting_place.hpp"
#include "printable.hpp"

#include <httptest/error.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace runai {

namespace {

constexpr std::size_t longestId = 100;

struct Pair {
    Grant grant;
    char const* id;
    char const* secret;
};

/// @throws Misconfigured
void requireBoth(httptest::Settings const& settings, Pair const& pair) {
    for (auto const& [missing, other] : {std::pair{pair.id, pair.secret}, std::pair{pair.secret, pair.id}}) {
        if (settings.has(missing)) {
            continue;
        }
        if (settings.has(other)) {
            throw httptest::Misconfigured(keyAndWhere(settings, other) + " is set without " + missing + ": set " +
                                          settings.howToSet(missing) + " too");
        }
        throw httptest::Misconfigured(keyAndWhere(settings, "credentials") + " is " +
                                      std::string(grantName(pair.grant)) + ", which needs " + pair.id + " and " +
                                      pair.secret + ": set " + settings.howToSet(pair.id) + " and " +
                                      settings.howToSet(pair.secret));
    }
}

class SecretCredentials final : public CredentialSource {
public:
    SecretCredentials(httptest::Settings const& settings, Pair const& pair)
        : id_(settings.text(pair.id)),
          secret_(settings.secret(pair.secret)) {
        account_.grant = pair.grant;
        account_.description = std::string(grantName(pair.grant)) + " of '" + printable(id_, longestId) + "'";
        account_.toCheck = shortWhere(secret_.where()) + " and " + shortWhere(settings.where(pair.id));
    }

    void addClient(httptest::Settings const& settings) {
        constexpr auto key = "client_id";
        if (settings.has(key)) {
            account_.clientId = settings.text(key);
            account_.toCheck += ", and " + shortWhere(settings.where(key));
        } else {
            account_.hint =
                " Some control planes want a client's id beside a user's password: set " + settings.howToSet(key) + ".";
        }
    }

    Account const& account() const noexcept override { return account_; }
    Obtained obtain(httptest::LoginContext const&) override { return Credentials{id_, secret_.read()}; }
    std::optional<Credentials> sealing() const override {
        return account_.grant == Grant::password ? std::nullopt : std::optional(Credentials{id_, secret_.read()});
    }
    std::string version() const override { return secret_.version(); }

private:
    std::string const id_;
    httptest::SecretSource const secret_;
    Account account_;
};

std::unique_ptr<SecretCredentials> make(httptest::Settings const& settings, Pair const& pair) {
    requireBoth(settings, pair);
    return std::make_unique<SecretCredentials>(settings, pair);
}

} // namespace

std::unique_ptr<CredentialSource> clientCredentials(httptest::Settings const& settings) {
    return make(settings, {Grant::clientCredentials, "client_id", "client_secret"});
}

std::unique_ptr<CredentialSource> appToken(httptest::Settings const& settings) {
    return make(settings, {Grant::appToken, "app_id", "app_secret"});
}

std::unique_ptr<CredentialSource> userPassword(httptest::Settings const& settings) {
    auto source = make(settings, {Grant::password, "username", "password"});
    source->addClient(settings);
    return source;
}

} // namespace runai
