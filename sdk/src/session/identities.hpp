#pragma once

#include "fork_registry.hpp"
#include "session/session_core.hpp"
#include "trace/trace.hpp"

#include <httptest/auth_provider.hpp>
#include <httptest/configuration.hpp>
#include <httptest/harness.hpp>
#include <httptest/providers.hpp>
#include <httptest/settings.hpp>
#include <httptest/token_store.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace httptest::inline v1 {

inline constexpr std::string_view defaultIdentity = "default";

/// What an identity came to; kept when it has ended.
struct IdentityRecord {
    std::string name;
    HarnessCounters counters;
    AuthStatus auth;
};

/// The identities of a harness: each with credentials, provider, cache and counters of its own, made when first asked
/// for. Identities whose connection settings are equal share a transport. Thread-safe.
class Identities final : public std::enable_shared_from_this<Identities>, ForkAware {
public:
    struct Parts {
        Configuration configuration;
        Settings own; ///< The harness's.
        std::string provider;
        std::shared_ptr<ProviderFactory const> factory;
        std::vector<SettingSpec> specs;       ///< Of the provider's section.
        std::shared_ptr<Transport> transport; ///< Null to make them.
        std::function<std::shared_ptr<Transport>(std::shared_ptr<Transport>)> wrapTransport;
        std::shared_ptr<Clock> clock;
        AuthEventSink events;
        std::shared_ptr<Trace> trace;      ///< Null for none.
        std::shared_ptr<TokenStore> store; ///< Null for none.
        std::shared_ptr<Ledger> ledger;    ///< Null for none.
    };

    explicit Identities(Parts parts);

    /// Makes them, and the default identity at once, unless only named ones are configured.
    /// @throws Misconfigured, PluginError  The default identity cannot be used.
    static std::shared_ptr<Identities> open(Parts parts);

    /// @param name  Empty or "default" for the default identity.
    /// @throws Misconfigured  An unknown one: lists the known ones and names the nearest. Or its settings are wrong.
    /// @throws Cancelled      The harness has ended.
    std::shared_ptr<SessionCore> find(std::string_view name);

    /// Makes an identity that is not configured.
    /// @throws Misconfigured  The name is taken or no name, or the settings are wrong.
    std::shared_ptr<SessionCore> make(std::string_view name, IdentitySettings const& settings);

    /// Ends an identity that `make` made: cancels what is under way.
    void remove(std::string_view name);

    /// Those of the provider's section, which named identities inherit.
    Settings settings() const { return parts_.configuration.resolve(parts_.provider, parts_.specs); }

    bool knows(std::string_view name) const;

    /// All known names, the default one first.
    std::vector<std::string> names() const;

    /// Ends all of them.
    void close();

    /// Of those made so far, the ended ones included, by name.
    std::vector<IdentityRecord> records() const;

private:
    void beforeFork() override { mutex_.lock(); }
    void afterForkInParent() override { mutex_.unlock(); }
    void afterForkInChild() override { mutex_.unlock(); }

    std::vector<std::string> known() const;
    std::string spelled(std::string_view name) const;
    [[noreturn]] void refuseUnknown(std::string_view name) const;
    std::shared_ptr<SessionCore> makeCore(std::string const& name, Configuration const& configuration);
    std::shared_ptr<Transport> transportFor(Settings const& settings);
    std::shared_ptr<Transport> traced(std::shared_ptr<Transport> transport, std::string purpose) const;
    void requireOpen() const;
    static IdentityRecord recordOf(std::string const& name, SessionCore const& core);

    Parts const parts_;
    std::vector<std::string> const configured_;
    mutable std::mutex mutex_; // guards everything below
    std::map<std::string, std::shared_ptr<SessionCore>, std::less<>> cores_;
    std::vector<std::string> madeAtRunTime_;
    std::vector<std::pair<Settings, std::shared_ptr<Transport>>> transports_;
    std::vector<IdentityRecord> ended_;
    bool closed_ = false;
    ForkRegistration registration_{*this, ForkOrder::identities};
};

} // namespace httptest::v1
