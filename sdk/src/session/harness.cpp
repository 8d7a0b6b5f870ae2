#include "session/session_core.hpp"
#include "session/summary.hpp"

#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/poco_transport.hpp>
#include <httptest/token_store.hpp>

#include <algorithm>
#include <utility>

namespace httptest::inline v1 {

namespace {

constexpr char const* defaultProvider = "runai";
constexpr std::int64_t longestTimeout = std::int64_t{24} * 3600 * 1000;

SettingSpec timeoutSpec(std::string key, std::string defaultValue, std::string description) {
    return {std::move(key), SettingKind::milliseconds, std::move(defaultValue), std::move(description), {}, 1,
            longestTimeout};
}

SettingSpec countSpec(std::string key, std::string defaultValue, std::string description, std::int64_t maximum) {
    return {std::move(key), SettingKind::integer, std::move(defaultValue), std::move(description), {}, 1, maximum};
}

TransportSettings transportSettings(Settings const& own, Settings const& connection) {
    auto const text = [&](char const* key) { return connection.has(key) ? connection.text(key) : std::string(); };
    auto const size = [&](char const* key) { return static_cast<std::size_t>(own.integer(key)); };
    TransportSettings settings;
    settings.tls.caFile = text("ca_file");
    settings.tls.certificateFile = text("client_certificate_file");
    settings.tls.keyFile = text("client_key_file");
    settings.tls.verify = !connection.boolean("insecure_skip_verify");
    settings.proxyUrl = connection.has("proxy_url") ? std::string(connection.secret("proxy_url").read().reveal()) : "";
    settings.limits.connectTimeout = own.milliseconds("connect_timeout_ms");
    settings.limits.tlsTimeout = own.milliseconds("tls_timeout_ms");
    settings.limits.exchangeTimeout = own.milliseconds("exchange_timeout_ms");
    settings.limits.idleTimeout = own.milliseconds("idle_timeout_ms");
    settings.limits.idleConnections = size("idle_connections");
    settings.limits.headerBytes = size("max_header_bytes");
    settings.limits.headerFields = size("max_header_fields");
    settings.limits.bodyBytes = size("max_body_bytes");
    return settings;
}

std::vector<Origin> tokenOrigins(Url const& baseUrl, Settings const& connection) {
    std::vector<Origin> origins = {baseUrl.origin};
    std::string_view list = connection.has("token_origins") ? std::string_view(connection.text("token_origins")) : "";
    while (!list.empty()) {
        auto const begin = list.find_first_not_of(", ");
        if (begin == std::string_view::npos) {
            break;
        }
        std::string_view const entry = list.substr(begin, list.find_first_of(", ", begin) - begin);
        try {
            Url const url = Url::parse(entry);
            if (url.target != "/") {
                throw InvalidRequest("an origin has no path");
            }
            origins.push_back(url.origin);
        } catch (InvalidRequest const& error) {
            throw Misconfigured(connection.where("token_origins") + ": " + error.what());
        }
        list.remove_prefix(begin + entry.size());
    }
    return origins;
}

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

} // namespace

class Harness::Impl {
public:
    explicit Impl(HarnessOptions options) {
        Configuration const configuration =
            options.configuration ? *options.configuration : Configuration::fromEnvironment();
        Settings const own = configuration.resolve("", settingSpecs());
        if (own.has("plugin_path")) {
            own.requireTrusted("plugin_path");
        }
        summaryFile_ = own.has("summary_file") ? own.text("summary_file") : "";

        Providers providers(own.has("plugin_path") ? own.text("plugin_path") : "");
        std::string name = own.text("provider");
        for (auto const& factory : options.providers) {
            providers.add(factory);
        }
        if (!options.providers.empty() && own.source("provider") == Settings::Source::standard) {
            name = options.providers.front()->name();
        }
        std::shared_ptr<ProviderFactory const> const factory = providers.find(name);

        std::vector<SettingSpec> specs = connectionSettingSpecs();
        std::vector<SettingSpec> const more = factory->settings();
        specs.insert(specs.end(), more.begin(), more.end());
        configuration.refuseUnknownKeys({{"", settingSpecs()}, {name, specs}});
        Settings const settings = configuration.resolve(name, specs);

        core_ = std::make_shared<SessionCore>(coreParts(std::move(options), own, settings, *factory, name));
    }

    ~Impl() {
        AuthStatus auth;
        try {
            auth = core_->auth();
        } catch (std::exception const&) {
            // A provider of others; its counters are then missing from the summary, which is no reason to end the process.
            auth = {};
        }
        core_->close();
        if (!summaryFile_.empty()) {
            appendSummary(summaryFile_, core_->counters(), auth);
        }
    }

    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;

    std::shared_ptr<SessionCore> const& core() const noexcept { return core_; }

private:
    static SessionCore::Parts coreParts(HarnessOptions options, Settings const& own, Settings const& settings,
                                        ProviderFactory const& factory, std::string const& name) {
        SessionCore::Parts parts;
        parts.baseUrl = Url::parse(settings.text("base_url"));
        parts.tokenOrigins = tokenOrigins(parts.baseUrl, settings);
        parts.allowInsecureHttp = settings.boolean("allow_insecure_http");
        parts.unverifiedTls = settings.boolean("insecure_skip_verify");
        parts.howToAllowInsecureHttp = settings.howToSet("allow_insecure_http");
        parts.requestTimeout = own.milliseconds("request_timeout_ms");
        parts.clock = options.clock ? options.clock : systemClock();
        parts.transport =
            options.transport ? options.transport : std::make_shared<PocoTransport>(transportSettings(own, settings));
        if (options.wrapTransport) {
            parts.transport = options.wrapTransport(parts.transport);
        }
        TokenPolicy policy;
        policy.loginTimeout = own.milliseconds("login_timeout_ms");
        std::shared_ptr<TokenStore> store = options.tokenStore;
        if (store == nullptr && own.text("token_store") == "file") {
            store = fileTokenStore(own.has("state_dir") ? own.text("state_dir") : "", parts.clock);
        }
        parts.provider = makeProvider(factory, {name, "default", parts.baseUrl, settings, parts.transport, parts.clock,
                                                policy, std::move(options.events), std::move(store)});
        return parts;
    }

    std::string summaryFile_;
    std::shared_ptr<SessionCore> core_;
};

std::vector<SettingSpec> Harness::settingSpecs() {
    return {
        {"provider", SettingKind::text, defaultProvider, "Auth provider: a plugin's name, or one registered in code."},
        {"plugin_path", SettingKind::text, "",
         "Folders with plugins, separated by ':', searched before the SDK's own."},
        timeoutSpec("request_timeout_ms", "60000", "One request, its login and replay included."),
        timeoutSpec("login_timeout_ms", "30000", "One login, its retries included."),
        timeoutSpec("exchange_timeout_ms", "30000", "One exchange on the wire."),
        timeoutSpec("connect_timeout_ms", "10000", "One connection attempt, for each address."),
        timeoutSpec("tls_timeout_ms", "10000", "One TLS handshake."),
        timeoutSpec("idle_timeout_ms", "30000", "How long a connection is kept for its next request."),
        countSpec("idle_connections", "16", "Connections kept for each origin.", 1024),
        countSpec("max_header_bytes", "65536", "Size of a reply's header.", std::int64_t{16} * 1024 * 1024),
        countSpec("max_header_fields", "100", "Number of fields in a reply's header.", 10000),
        countSpec("max_body_bytes", "67108864", "Size of a reply's body.", std::int64_t{4} * 1024 * 1024 * 1024),
        {"token_store",
         SettingKind::choice,
         "memory",
         "Who shares a login: `memory`, this process; `file`, this user's processes on this machine.",
         {"memory", "file"}},
        {"state_dir", SettingKind::path, "",
         "Folder of the `file` store; without it `$XDG_RUNTIME_DIR/httptest`, else `$TMPDIR/httptest-<uid>`."},
        {"summary_file", SettingKind::path, "",
         "File to which each process appends one JSON line of counters at its end."},
    };
}

std::vector<SettingSpec> Harness::connectionSettingSpecs() {
    return {
        {"base_url", SettingKind::url, "", "Address of the tested system."},
        {"ca_file", SettingKind::path, "", "PEM file of CAs that are trusted besides the system's."},
        {"client_certificate_file", SettingKind::path, "", "PEM file of the client certificate and its chain."},
        {"client_key_file", SettingKind::path, "", "PEM file of the client certificate's key."},
        {"insecure_skip_verify", SettingKind::boolean, "false", "Do not verify certificates; said in every report."},
        {"allow_insecure_http", SettingKind::boolean, "false", "Send credentials over http:// beyond loopback."},
        {"token_origins", SettingKind::text, "", "Further origins that get credentials, separated by commas."},
        {"proxy_url", SettingKind::secret, "", "`http://[user:password@]host:port`; never used for loopback."},
    };
}

Harness::Harness(HarnessOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Harness::~Harness() = default;

Session Harness::session() const {
    return Session(impl_->core());
}

AuthStatus Harness::auth() const {
    return impl_->core()->auth();
}

HarnessCounters Harness::counters() const {
    return impl_->core()->counters();
}

} // namespace httptest::v1
