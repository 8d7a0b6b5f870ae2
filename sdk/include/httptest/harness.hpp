#pragma once

#include <httptest/abi.hpp>
#include <httptest/auth_provider.hpp>
#include <httptest/clock.hpp>
#include <httptest/configuration.hpp>
#include <httptest/providers.hpp>
#include <httptest/secret.hpp>
#include <httptest/session.hpp>
#include <httptest/settings.hpp>
#include <httptest/token_cache.hpp>
#include <httptest/token_store.hpp>
#include <httptest/transport.hpp>
#include <httptest/url.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// What a harness is made of. Everything has a default: an empty value means "as the environment says".
struct HarnessOptions {
    /// Nothing: Configuration::fromEnvironment().
    std::optional<Configuration> configuration;
    /// Providers registered in code; they win over libraries of the same name.
    std::vector<std::shared_ptr<ProviderFactory const>> providers;
    /// Null: a PocoTransport with the configured TLS, proxy and limits.
    std::shared_ptr<Transport> transport;
    /// Wraps the transport above, to watch what goes over it say; empty: used as it is.
    std::function<std::shared_ptr<Transport>(std::shared_ptr<Transport>)> wrapTransport;
    /// Null: the machine's clocks.
    std::shared_ptr<Clock> clock;
    AuthEventSink events;
    /// Where logins are shared. Null: what the setting `token_store` says.
    std::shared_ptr<TokenStore> tokenStore;
    /// False for a program beside the tests, whose requests do not belong in the setting `summary_file`.
    bool appendsSummary = true;
};

/// Sums over the sessions of one identity, or of all.
struct HarnessCounters {
    std::uint64_t requests = 0; ///< Calls of send().
    std::uint64_t attempts = 0; ///< Exchanges on the wire for them, replays and redirects included, logins not.
    std::uint64_t replays = 0;  ///< 401s answered by another attempt.
};

/// Who logs in with the grant `client_credentials`: a service account that a test has just made, say.
struct ClientCredentials {
    std::string id;
    Secret secret;
};

/// Settings of one identity, by the provider's keys: {{"app_id", "…"}, {"app_secret", "…"}}.
using IdentitySettings = std::map<std::string, std::string, std::less<>>;

/// The process's configuration, transport and identities; where sessions come from.
///
/// Reads the configuration and loads the provider's plugin when it is made; logs in when a request first needs it.
/// Sessions share its parts and may outlive it, but a login under way ends with it. Thread-safe.
class HTTPTEST_API Harness {
public:
    /// @throws Misconfigured, PluginError
    explicit Harness(HarnessOptions options = {});
    ~Harness();
    Harness(Harness const&) = delete;
    Harness& operator=(Harness const&) = delete;

    /// A client with the configured identity of this name: its own credentials, token and counters; what it does not
    /// set is the default's (Configuration::resolve). Made when first asked for; without a name the default one.
    /// @throws Misconfigured  No such identity: lists the known ones and names the nearest.
    Session session(std::string_view identity = {}) const;

    /// Makes an identity at run time and returns a client with it.
    ///
    /// Its provider must have the settings `client_id` and `client_secret`; `identityWith` serves every other.
    /// @throws Misconfigured  The name is taken, or the settings are wrong.
    Session identity(std::string_view name, ClientCredentials credentials) const;
    Session identityWith(std::string_view name, IdentitySettings const& settings) const;

    /// Ends an identity made at run time: its login and requests under way are cancelled, and its sessions throw
    /// Cancelled from then on. Not to be called from one of its own requests.
    void removeIdentity(std::string_view name) const;

    /// The names of all identities that `session` knows, "default" first.
    std::vector<std::string> identities() const;

    /// Address of the tested system, and its version where the setting `system_version` tells (empty otherwise): those
    /// of the provider's section.
    /// @throws MissingSetting
    Url baseUrl() const;
    std::string systemVersion() const;

    /// Whether `session` knows an identity of this name.
    bool knows(std::string_view identity) const;

    AuthStatus auth(std::string_view identity = {}) const;

    /// The sum over all identities, removed ones included.
    HarnessCounters counters() const;
    HarnessCounters counters(std::string_view identity) const;

    /// The harness's own settings, for documentation and checks.
    static std::vector<SettingSpec> settingSpecs();
    /// The connection settings that every provider's section has.
    static std::vector<SettingSpec> connectionSettingSpecs();
    /// All of a provider's section: the connection settings and its factory's, of which one takes the place of a
    /// connection setting with its key.
    static std::vector<SettingSpec> settingSpecsOf(ProviderFactory const& factory);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace httptest::v1
