#include <httptest/plugin.hpp>

#include <memory>
#include <string>
#include <vector>

namespace {

/// Puts the API key of the setting `key` on every request.
class ApiKeyProvider final : public httptest::AuthProvider {
public:
    explicit ApiKeyProvider(httptest::ProviderContext const& context)
        : identity_(context.identity),
          key_(context.settings.secret("key")) {}

    httptest::Attachment authorize(httptest::Request& request, httptest::AuthContext const&) override {
        request.headers.set("X-Api-Key", std::string(key_.read().reveal()));
        return {"API key of " + identity_};
    }

    httptest::Refusal refused(httptest::Response const&, httptest::Attachment const&) override {
        return {.replay = false, .diagnosis = "the server refused the API key from " + key_.where()};
    }

    httptest::AuthStatus describe() const override {
        httptest::AuthStatus status;
        status.provider = "apikey";
        status.identity = identity_;
        status.account = "the API key from " + key_.where();
        return status;
    }

private:
    std::string identity_;
    httptest::SecretSource key_;
};

class ApiKeyFactory final : public httptest::ProviderFactory {
public:
    std::string name() const override { return "apikey"; }

    std::vector<httptest::SettingSpec> settings() const override {
        return {{.key = "key",
                 .kind = httptest::SettingKind::secret,
                 .description = "The key to send.",
                 .credential = true}};
    }

    std::unique_ptr<httptest::AuthProvider> create(httptest::ProviderContext const& context) const override {
        return std::make_unique<ApiKeyProvider>(context);
    }
};

} // namespace

HTTPTEST_PLUGIN(ApiKeyFactory);
