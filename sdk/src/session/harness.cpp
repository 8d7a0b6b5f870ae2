#include "cleanup/ledger.hpp"
#include "config/notice.hpp"
#include "session/identities.hpp"
#include "session/summary.hpp"
#include "trace/trace.hpp"

#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/secret.hpp>
#include <httptest/token_store.hpp>

#include <utility>

namespace httptest::inline v1 {

namespace {

void refuseUnknown(Configuration const& configuration, Settings const& own, Configuration::Sections const& sections,
                   std::function<bool(std::string_view)> const& isOther) {
    if (own.text("unknown_keys") == "error") {
        configuration.refuseUnknownKeys(sections, isOther);
    } else {
        for (std::string const& problem : configuration.unknownKeys(sections, isOther)) {
            noticeOnce(problem);
        }
    }
}

/// Tells the trace of each event, and whoever the suite has listening.
AuthEventSink bothOf(std::shared_ptr<Trace> trace, AuthEventSink sink) {
    return [trace = std::move(trace), sink = std::move(sink)](AuthEvent const& event) {
        trace->event(event);
        if (sink) {
            sink(event);
        }
    };
}

} // namespace

class Harness::Impl {
public:
    explicit Impl(HarnessOptions options) {
        Configuration configuration = options.configuration ? *options.configuration : Configuration::fromEnvironment();
        Settings own = configuration.resolve("", settingSpecs());
        if (own.has("plugin_path")) {
            own.requireTrusted("plugin_path");
        }
        // The harness's own keys first: a slip in `provider` would otherwise be a missing plugin.
        refuseUnknown(configuration, own, {{"", settingSpecs()}}, [](std::string_view) { return true; });
        summaryFile_ = options.appendsSummary && own.has("summary_file") ? own.text("summary_file") : "";

        Providers providers(own.has("plugin_path") ? own.text("plugin_path") : "");
        std::string name = own.text("provider");
        for (auto const& factory : options.providers) {
            providers.add(factory);
        }
        if (!options.providers.empty() && own.source("provider") == Settings::Source::standard) {
            name = options.providers.front()->name();
        }
        std::shared_ptr<ProviderFactory const> factory = providers.find(name);
        std::vector<SettingSpec> specs = settingSpecsOf(*factory);
        Configuration::Sections const sections{{"", settingSpecs()}, {name, specs}};
        refuseUnknown(configuration, own, sections, [&](std::string_view section) { return providers.knows(section); });
        for (std::string const& notice : configuration.suspiciousVariables(sections)) {
            noticeOnce(notice);
        }

        std::shared_ptr<Clock> const clock = options.clock ? options.clock : systemClock();
        std::string const stateFolder = own.has("state_dir") ? own.text("state_dir") : "";
        std::shared_ptr<TokenStore> store = options.tokenStore;
        if (store == nullptr && own.text("token_store") == "file") {
            store = fileTokenStore(stateFolder, clock);
        }
        std::shared_ptr<Ledger> ledger = own.boolean("ledger") ? std::make_shared<Ledger>(stateFolder) : nullptr;
        std::shared_ptr<Trace> trace = traceOf(own, clock);
        AuthEventSink events = trace ? bothOf(trace, options.events) : options.events;
        identities_ = Identities::open(Identities::Parts{
            std::move(configuration), std::move(own), name, std::move(factory), std::move(specs), options.transport,
            options.wrapTransport, clock, std::move(events), std::move(trace), std::move(store), std::move(ledger)});
    }

    ~Impl() {
        identities_->close();
        if (!summaryFile_.empty()) {
            appendSummary(summaryFile_, identities_->records());
        }
    }

    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;

    Identities& identities() const noexcept { return *identities_; }

private:
    std::string summaryFile_;
    std::shared_ptr<Identities> identities_;
};

Harness::Harness(HarnessOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Harness::~Harness() = default;

Session Harness::session(std::string_view identity) const {
    return Session(impl_->identities().find(identity));
}

Session Harness::identity(std::string_view name, ClientCredentials credentials) const {
    IdentitySettings settings{{"client_id", credentials.id}, {"client_secret", ""}};
    std::string& secret = settings["client_secret"];
    secret = credentials.secret.reveal();
    Session session = identityWith(name, settings);
    wipe(secret);
    return session;
}

Session Harness::identityWith(std::string_view name, IdentitySettings const& settings) const {
    return Session(impl_->identities().make(name, settings));
}

void Harness::removeIdentity(std::string_view name) const {
    impl_->identities().remove(name);
}

std::vector<std::string> Harness::identities() const {
    return impl_->identities().names();
}

bool Harness::knows(std::string_view identity) const {
    return impl_->identities().knows(identity);
}

Url Harness::baseUrl() const {
    return Url::parse(impl_->identities().settings().text("base_url"));
}

std::string Harness::systemVersion() const {
    Settings const settings = impl_->identities().settings();
    return settings.has("system_version") ? settings.text("system_version") : "";
}

AuthStatus Harness::auth(std::string_view identity) const {
    return impl_->identities().find(identity)->auth();
}

HarnessCounters Harness::counters() const {
    HarnessCounters sum;
    for (IdentityRecord const& record : impl_->identities().records()) {
        sum.requests += record.counters.requests;
        sum.attempts += record.counters.attempts;
        sum.replays += record.counters.replays;
    }
    return sum;
}

HarnessCounters Harness::counters(std::string_view identity) const {
    return impl_->identities().find(identity)->counters();
}

} // namespace httptest::v1
