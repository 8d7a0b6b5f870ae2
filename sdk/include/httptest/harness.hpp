#pragma once

#include <httptest/abi.hpp>
#include <httptest/auth_provider.hpp>
#include <httptest/clock.hpp>
#include <httptest/configuration.hpp>
#include <httptest/providers.hpp>
#include <httptest/session.hpp>
#include <httptest/settings.hpp>
#include <httptest/token_cache.hpp>
#include <httptest/token_store.hpp>
#include <httptest/transport.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
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
};

/// Sums over all sessions of a harness.
struct HarnessCounters {
    std::uint64_t requests = 0; ///< Calls of send().
    std::uint64_t attempts = 0; ///< Exchanges on the wire for them, logins excluded.
};

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

    /// A client with the configured identity.
    Session session() const;

    AuthStatus auth() const;
    HarnessCounters counters() const;

    /// The harness's own settings, for documentation and checks.
    static std::vector<SettingSpec> settingSpecs();
    /// The connection settings that every provider's section has.
    static std::vector<SettingSpec> connectionSettingSpecs();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace httptest::v1
