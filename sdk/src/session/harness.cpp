#include "config/notice.hpp"
#include "session/identities.hpp"
#include "session/summary.hpp"

#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/secret.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace httptest::inline v1 {

namespace {

/// A file that others can write must not decide which code is loaded.
void requireTrusted(Settings const& own, std::string const& file) {
    if (!own.has("plugin_path") || own.source("plugin_path") != Settings::Source::file) {
        return;
    }
    struct stat status {};
    bool const trusted = ::stat(file.c_str(), &status) == 0 && status.st_uid == ::geteuid() &&
                         (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
    if (!trusted) {
        throw Misconfigured(own.where("plugin_path") +
                            ": a file may name plugins' folders only if you own it and nobody "
                            "else can write it; set HTTPTEST_PLUGIN_PATH instead");
    }
}

/// The connection settings and the factory's; one of the factory's takes the place of a connection setting of its key.
std::vector<SettingSpec> providerSettingSpecs(ProviderFactory const& factory) {
    std::vector<SettingSpec> specs = Harness::connectionSettingSpecs();
    for (SettingSpec& spec : factory.settings()) {
        auto const same =
            std::find_if(specs.begin(), specs.end(), [&](SettingSpec const& known) { return known.key == spec.key; });
        if (same != specs.end()) {
            *same = std::move(spec);
        } else {
            specs.push_back(std::move(spec));
        }
    }
    return specs;
}

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

} // namespace

class Harness::Impl {
public:
    explicit Impl(HarnessOptions options) {
        Configuration configuration = options.configuration ? *options.configuration : Configuration::fromEnvironment();
        Settings own = configuration.resolve("", settingSpecs());
        requireTrusted(own, configuration.file());
        // The harness's own keys first: a slip in `provider` would otherwise be a missing plugin.
        refuseUnknown(configuration, own, {{"", settingSpecs()}}, [](std::string_view) { return true; });
        summaryFile_ = own.has("summary_file") ? own.text("summary_file") : "";

        Providers providers(own.has("plugin_path") ? own.text("plugin_path") : "");
        std::string name = own.text("provider");
        for (auto const& factory : options.providers) {
            providers.add(factory);
        }
        if (!options.providers.empty() && own.source("provider") == Settings::Source::standard) {
            name = options.providers.front()->name();
        }
        std::shared_ptr<ProviderFactory const> factory = providers.find(name);
        std::vector<SettingSpec> specs = providerSettingSpecs(*factory);
        Configuration::Sections const sections{{"", settingSpecs()}, {name, specs}};
        refuseUnknown(configuration, own, sections, [&](std::string_view section) { return providers.knows(section); });
        for (std::string const& notice : configuration.suspiciousVariables(sections)) {
            noticeOnce(notice);
        }

        identities_ = Identities::open(
            Identities::Parts{std::move(configuration), std::move(own), name, std::move(factory), std::move(specs),
                              options.transport, options.clock ? options.clock : systemClock(), options.events});
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

AuthStatus Harness::auth(std::string_view identity) const {
    return impl_->identities().find(identity)->auth();
}

HarnessCounters Harness::counters() const {
    HarnessCounters sum;
    for (IdentityRecord const& record : impl_->identities().records()) {
        sum.requests += record.counters.requests;
        sum.attempts += record.counters.attempts;
    }
    return sum;
}

HarnessCounters Harness::counters(std::string_view identity) const {
    return impl_->identities().find(identity)->counters();
}

} // namespace httptest::v1
