#include "session/identities.hpp"

#include "config/nearest.hpp"
#include "config/setting_value.hpp"
#include "session/connection_settings.hpp"
#include "session/curl_options.hpp"
#include "trace/in_flight.hpp"
#include "trace/tracing_transport.hpp"

#include <httptest/error.hpp>
#include <httptest/poco_transport.hpp>

#include <algorithm>

namespace httptest::inline v1 {

namespace {

std::unique_ptr<AuthProvider> makeProvider(ProviderFactory const& factory, ProviderContext const& context) {
    try {
        if (auto provider = factory.create(context)) {
            return provider;
        }
    } catch (Error const&) {
        throw;
    } catch (std::exception const& error) {
        throw PluginError("auth provider '" + context.provider + "' could not be made: " + error.what());
    } catch (...) {
        throw PluginError("auth provider '" + context.provider + "' threw something that is no std::exception");
    }
    throw PluginError("auth provider '" + context.provider + "' made no provider (its factory returned null)");
}

/// Named identities may be all that a suite wants.
bool onlyNamed(Identities::Parts const& parts, std::vector<std::string> const& configured) {
    Settings const settings = parts.configuration.resolve(parts.provider, parts.specs);
    return !configured.empty() && std::none_of(parts.specs.begin(), parts.specs.end(), [&](SettingSpec const& spec) {
        return spec.credential && settings.has(spec.key) && settings.source(spec.key) != Settings::Source::standard;
    });
}

} // namespace

Identities::Identities(Parts parts)
    : parts_(std::move(parts)),
      configured_(parts_.configuration.identities(parts_.provider, parts_.specs)) {}

std::shared_ptr<Identities> Identities::open(Parts parts) {
    auto identities = std::make_shared<Identities>(std::move(parts));
    if (!onlyNamed(identities->parts_, identities->configured_)) {
        identities->find(defaultIdentity);
    }
    return identities;
}

void Identities::requireOpen() const {
    if (closed_) {
        throw Cancelled(Phase::send, "the harness has ended");
    }
}

std::vector<std::string> Identities::known() const {
    std::vector<std::string> names = {std::string(defaultIdentity)};
    names.insert(names.end(), configured_.begin(), configured_.end());
    names.insert(names.end(), madeAtRunTime_.begin(), madeAtRunTime_.end());
    return names;
}

std::vector<std::string> Identities::names() const {
    std::lock_guard const lock(mutex_);
    return known();
}

bool Identities::knows(std::string_view name) const {
    std::lock_guard const lock(mutex_);
    return !spelled(name).empty();
}

/// The name as it is known: '-' and '_' are one in variables, and so here. Empty when it is unknown.
std::string Identities::spelled(std::string_view name) const {
    auto const names = known();
    auto const found = std::find_if(names.begin(), names.end(), [&](std::string const& candidate) {
        return std::equal(candidate.begin(), candidate.end(), name.begin(), name.end(),
                          [](char a, char b) { return a == b || (a == '_' && b == '-') || (a == '-' && b == '_'); });
    });
    return found != names.end() ? *found : std::string();
}

void Identities::refuseUnknown(std::string_view name) const {
    auto const names = known();
    std::string const guess = nearest(name, names);
    throw Misconfigured("no identity '" + std::string(name) + "'; known are: " + joined(names, ", ") +
                        (guess.empty() ? "" : "; did you mean '" + guess + "'?") +
                        " (an identity is known when a credential of it is set, in variables " +
                        variableName(parts_.provider, "<IDENTITY>_…") + " or keys identity.<name>.…)");
}

std::shared_ptr<SessionCore> Identities::find(std::string_view name) {
    std::lock_guard const lock(mutex_);
    requireOpen();
    std::string const key = spelled(name.empty() ? defaultIdentity : name);
    if (key.empty()) {
        refuseUnknown(name);
    }
    auto const found = cores_.find(key);
    return found != cores_.end() ? found->second : makeCore(key, parts_.configuration);
}

std::shared_ptr<SessionCore> Identities::make(std::string_view name, IdentitySettings const& settings) {
    std::lock_guard const lock(mutex_);
    requireOpen();
    if (!isIdentityName(name)) {
        throw Misconfigured(
            "'" + std::string(name) +
            "' is no name for an identity: use lower-case letters, digits, '-' and '_', a letter first");
    }
    if (!spelled(name).empty()) {
        throw Misconfigured("there is an identity '" + spelled(name) + "' already; choose another name, or remove it");
    }
    std::string const key(name);
    Configuration configuration = parts_.configuration;
    Configuration added;
    for (auto const& [setting, value] : settings) {
        configuration.set("identity." + key + "." + setting, value);
        added.set("identity." + key + "." + setting, value);
    }
    added.refuseUnknownKeys({{parts_.provider, parts_.specs}});
    auto core = makeCore(key, configuration);
    madeAtRunTime_.push_back(key);
    return core;
}

void Identities::remove(std::string_view name) {
    std::shared_ptr<SessionCore> core;
    {
        std::lock_guard const lock(mutex_);
        requireOpen();
        std::string const key = spelled(name);
        if (key.empty()) {
            refuseUnknown(name);
        }
        auto const made = std::find(madeAtRunTime_.begin(), madeAtRunTime_.end(), key);
        if (made == madeAtRunTime_.end()) {
            throw Misconfigured("the identity '" + key +
                                "' is configured; only those made by Harness::identity can be "
                                "removed");
        }
        madeAtRunTime_.erase(made);
        core = std::move(cores_.extract(key).mapped());
        ended_.push_back(recordOf(key, *core));
    }
    // Outside the lock: it waits for calls that may be looking for an identity.
    core->close("the identity '" + std::string(name) + "' has been removed");
}

void Identities::close() {
    std::map<std::string, std::shared_ptr<SessionCore>, std::less<>> cores;
    {
        std::lock_guard const lock(mutex_);
        closed_ = true;
        cores.swap(cores_);
    }
    std::vector<IdentityRecord> records;
    for (auto const& [name, core] : cores) {
        IdentityRecord record = recordOf(name, *core);
        core->close("the harness has ended");
        record.counters = core->counters();
        records.push_back(std::move(record));
    }
    std::lock_guard const lock(mutex_);
    ended_.insert(ended_.end(), std::make_move_iterator(records.begin()), std::make_move_iterator(records.end()));
}

std::vector<IdentityRecord> Identities::records() const {
    std::lock_guard const lock(mutex_);
    std::vector<IdentityRecord> records = ended_;
    for (auto const& [name, core] : cores_) {
        records.push_back(recordOf(name, *core));
    }
    return records;
}

IdentityRecord Identities::recordOf(std::string const& name, SessionCore const& core) {
    try {
        return {name, core.counters(), core.auth()};
    } catch (std::exception const&) {
        // A provider of others; its counters are then missing, which is no reason to end the process.
        return {name, core.counters(), {}};
    }
}

/// @pre The mutex is held.
std::shared_ptr<Transport> Identities::transportFor(Settings const& settings) {
    for (auto const& [connection, transport] : transports_) {
        if (parts_.transport || shareTransport(connection, settings)) {
            return transport;
        }
    }
    std::shared_ptr<Transport> transport =
        parts_.transport
            ? parts_.transport
            : std::make_shared<PocoTransport>(transportSettings(parts_.configuration, parts_.own, settings));
    if (parts_.wrapTransport) {
        transport = parts_.wrapTransport(std::move(transport));
    }
    transports_.emplace_back(settings, transport);
    return transport;
}

std::shared_ptr<Transport> Identities::traced(std::shared_ptr<Transport> transport, std::string purpose) const {
    return parts_.trace ? std::make_shared<TracingTransport>(std::move(transport), parts_.trace, std::move(purpose))
                        : std::move(transport);
}

/// @pre The mutex is held.
std::shared_ptr<SessionCore> Identities::makeCore(std::string const& name, Configuration const& configuration) {
    Settings const settings =
        configuration.resolve(parts_.provider, parts_.specs, name == defaultIdentity ? std::string_view() : name);
    SessionCore::Parts parts;
    parts.identity = name;
    parts.identities = weak_from_this();
    parts.baseUrl = Url::parse(settings.text("base_url"));
    parts.tokenOrigins = tokenOrigins(parts.baseUrl, settings);
    parts.allowInsecureHttp = settings.boolean("allow_insecure_http");
    parts.unverifiedTls = settings.boolean("insecure_skip_verify");
    parts.howToAllowInsecureHttp = settings.howToSet("allow_insecure_http");
    parts.requestTimeout = parts_.own.milliseconds("request_timeout_ms");
    parts.redirects = static_cast<int>(parts_.own.integer("redirects"));
    parts.bodyLimit = static_cast<std::size_t>(parts_.own.integer("max_body_bytes"));
    parts.clock = parts_.clock;
    std::shared_ptr<Transport> const transport = transportFor(settings);
    parts.curl = std::make_shared<CurlOptions>(curlOptions(parts_.configuration, settings, parts.baseUrl.origin));
    parts.transport = traced(transport, "as '" + name + "'");
    parts.ledger = parts_.ledger;
    parts.providerVersion = parts_.factory->version();
    TokenPolicy policy;
    policy.loginTimeout = parts_.own.milliseconds("login_timeout_ms");
    std::string const purpose = "to log in as '" + name + "'";
    auto loginTransport = std::make_shared<InFlightTransport>(traced(transport, purpose), parts_.clock, purpose);
    parts.provider =
        makeProvider(*parts_.factory, {parts_.provider, name, parts.baseUrl, settings, std::move(loginTransport),
                                       parts_.clock, policy, parts_.events, parts_.store});
    return cores_.emplace(name, std::make_shared<SessionCore>(std::move(parts))).first->second;
}

} // namespace httptest::v1
