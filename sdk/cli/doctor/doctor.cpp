#include "doctor/doctor.hpp"

#include "doctor/advice.hpp"
#include "doctor/token_facts.hpp"
#include "duration.hpp"
#include "terminal.hpp"

#include <httptest/http_date.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

namespace httptest::cli {

namespace {

struct Place {
    char const* step;
    ExitCode code;
};

/// The way from the configuration to an authorized call. Those that never break have no code of their own.
constexpr std::array way{
    Place{"configuration", ExitCode::configuration},
    Place{"plugin", ExitCode::plugin},
    Place{"settings", ExitCode::configuration},
    Place{"dns", ExitCode::name},
    Place{"tcp", ExitCode::connect},
    Place{"proxy", ExitCode::proxy},
    Place{"tls", ExitCode::tls},
    Place{"server", ExitCode::exchange},
    Place{"clock", ExitCode::failed},
    Place{"token api", ExitCode::tokenApi},
    Place{"login", ExitCode::login},
    Place{"token", ExitCode::token},
    Place{"store", ExitCode::failed},
    Place{"request", ExitCode::request},
};

/// A reply's Date has whole seconds.
constexpr std::chrono::seconds harmlessSkew{5};
constexpr std::size_t shownBodyBytes = 200;
constexpr char const* correctIt =
    "correct what the line above names; `httptest config` shows where each setting comes from";

std::chrono::nanoseconds since(SteadyTime began) {
    return BootClock::now() - began;
}

std::string statusText(Response const& response) {
    return std::to_string(response.status) + (response.reason.empty() ? "" : " ") + response.reason;
}

std::string joined(std::vector<std::string> const& texts) {
    std::string result;
    for (std::string const& text : texts) {
        result += (result.empty() ? "" : ", ") + text;
    }
    return result;
}

std::string cryptoText() {
    return std::string("FIPS ") + (EVP_default_properties_is_fips_enabled(nullptr) == 1 ? "on" : "off") + " (OpenSSL " +
           OpenSSL_version(OPENSSL_VERSION_STRING) + ")";
}

} // namespace

Doctor::Doctor(DoctorOptions options, std::function<void(Step const&)> onStep)
    : options_(std::move(options)),
      onStep_(std::move(onStep)) {}

std::vector<Step> Doctor::run() {
    try {
        configuration();
        plugin();
        settings();
        wire();
        login();
        store();
        request();
    } catch (Broken const&) {
        // The steps that are left are skipped.
    }
    harness_.reset(); // before the transport that it uses
    for (std::size_t i = steps_.size(); i < way.size(); ++i) {
        steps_.push_back({way[i].step});
    }
    return std::exchange(steps_, {});
}

ExitCode Doctor::exitCode(std::vector<Step> const& steps) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i].result == Result::failed) {
            return way[i].code;
        }
    }
    return ExitCode::ok;
}

void Doctor::add(Step step) {
    step.name = way[steps_.size()].step;
    steps_.push_back(std::move(step));
    onStep_(steps_.back());
    if (steps_.back().result == Result::failed) {
        throw Broken();
    }
}

void Doctor::fail(std::chrono::nanoseconds took, std::exception const& error, std::string const& remedy) {
    add({"", Result::failed, took, error.what(), remedy});
}

template <class Work>
void Doctor::check(std::string const& remedy, Work work) {
    auto const began = BootClock::now();
    Step step{"", Result::ok};
    try {
        work(step);
    } catch (std::exception const& error) {
        fail(since(began), error, remedy);
    }
    step.took = since(began);
    add(std::move(step));
}

void Doctor::configuration() {
    check("correct what the line above names", [this](Step& step) {
        setup_.emplace();
        std::string const& file = setup_->configuration().file();
        step.text = file.empty() ? "the environment; HTTPTEST_CONFIG names no file" : "the environment over " + file;
        step.facts.emplace_back("file", file);
    });
}

void Doctor::plugin() {
    check("`httptest plugins` lists what was found", [this](Step& step) {
        setup_->loadProvider();
        PluginFile const library = setup_->providers().library(setup_->providerName());
        step.text = library.name + " from " + library.file + ", " + library.marker;
        step.facts = {{"provider", library.name}, {"file", library.file}, {"marker", library.marker}};
    });
}

void Doctor::settings() {
    check(correctIt, [this](Step& step) {
        settings_.emplace(setup_->providerSettings(options_.identity));
        HarnessOptions options = commandHarness();
        options.configuration = setup_->configuration();
        options.wrapTransport = [this](std::shared_ptr<Transport> wrapped) {
            return transport_ = std::make_shared<WatchingTransport>(std::move(wrapped));
        };
        harness_.emplace(std::move(options));
        base_ = harness_->session(options_.identity).url("/");
        step.text = settings_->text("base_url") + " (" + settings_->where("base_url") + ")";
        step.facts = {{"base_url", settings_->text("base_url")}, {"source", settings_->where("base_url")}};
        for (SettingSpec const& spec : setup_->providerSpecs()) {
            bool const told = spec.key == "base_url" || !settings_->has(spec.key) ||
                              settings_->source(spec.key) == Settings::Source::standard;
            step.text += told ? "" : "\n" + spec.key + " (" + settings_->where(spec.key) + ")";
        }
    });
}

void Doctor::wire() {
    auto const began = BootClock::now();
    try {
        Exchange const exchange =
            harness_->session(options_.identity).request("HEAD", "/").anonymous().timeout(options_.timeout).send();
        WallTime const arrived = systemClock()->wall();
        Response const& response = exchange.response();
        Timings const& spent = response.timings;
        addConnection(response.connection ? *response.connection : ConnectionFacts{}, spent);
        add({"", Result::ok, spent.total - spent.resolve - spent.connect - spent.tls,
             "answers HTTP: " + statusText(response) + " to HEAD " + base_.target});
        addClock(response, arrived);
    } catch (TransportError const& error) {
        Timings const& spent = error.timings();
        addConnection(error.connection() ? *error.connection() : ConnectionFacts{}, spent, error.phase());
        fail(since(began) - spent.resolve - spent.connect - spent.tls, error, connectionAdvice(error, *settings_));
    } catch (Error const& error) {
        addConnection({}, {}, Phase::resolve);
        fail(since(began), error, correctIt);
    }
}

void Doctor::addConnection(ConnectionFacts const& facts, Timings const& spent, Phase reached) {
    if (reached == Phase::resolve) {
        return;
    }
    std::string const host = facts.proxy.empty() ? base_.origin.host : "the proxy " + facts.proxy;
    std::string const found = joined(facts.addresses);
    bool const literal = facts.proxy.empty() && (found.starts_with(host + ":") || found.starts_with("[" + host + "]"));
    add({"",
         Result::ok,
         spent.resolve,
         host + (literal ? " needs no look-up" : " is " + found),
         "",
         {{"addresses", found}}});
    if (reached == Phase::connect) {
        return;
    }
    add({"", Result::ok, spent.connect - spent.proxy, "connected to " + facts.peer, "", {{"peer", facts.peer}}});
    if (reached == Phase::proxy) {
        return;
    }
    if (facts.proxy.empty()) {
        add({"", Result::ok, std::nullopt,
             settings_->has("proxy_url") ? "not used: loopback is never proxied" : "none is set"});
    } else {
        add({"",
             Result::ok,
             spent.proxy,
             (base_.origin.secure() ? "tunnel through " : "forwards: ") + facts.proxy,
             "",
             {{"proxy", facts.proxy}}});
    }
    if (reached != Phase::tls) {
        addTls(facts, spent);
    }
}

void Doctor::addTls(ConnectionFacts const& facts, Timings const& spent) {
    if (!base_.origin.secure()) {
        addClearText();
        return;
    }
    Step step{"", Result::ok, spent.tls};
    step.facts = {{"version", facts.tlsVersion}, {"cipher", facts.cipher},          {"group", facts.tlsGroup},
                  {"issuer", facts.peerIssuer},  {"not_after", facts.peerNotAfter}, {"trusted_by", facts.trustAnchor},
                  {"crypto", cryptoText()}};
    step.text = facts.tlsVersion + ", " + facts.cipher + (facts.tlsGroup.empty() ? "" : ", " + facts.tlsGroup) +
                "\ncertificate issued by " + facts.peerIssuer + ", valid until " + facts.peerNotAfter;
    std::string const cas =
        "the system's CAs" + (settings_->has("ca_file") ? " and " + settings_->text("ca_file") : std::string());
    step.text += facts.trustAnchor.empty() ? "" : "\ntrusted by " + facts.trustAnchor + ", of " + cas;
    step.text += "\n" + cryptoText();
    if (settings_->boolean("insecure_skip_verify")) {
        step.result = Result::warned;
        step.text += "; TLS IS NOT VERIFIED (" + settings_->where("insecure_skip_verify") + ")";
        step.remedy = "remove insecure_skip_verify and set " + settings_->howToSet("ca_file");
    }
    add(std::move(step));
}

void Doctor::addClearText() {
    Step step{"", Result::ok, std::nullopt, "not used: the base URL is http://"};
    if (!base_.origin.loopback()) {
        bool const allowed = settings_->boolean("allow_insecure_http");
        step.result = allowed ? Result::warned : Result::failed;
        step.text += allowed
                         ? ", and secret and tokens go in clear text (" + settings_->where("allow_insecure_http") + ")"
                         : ", and nothing secret is sent in clear text";
        step.remedy = "use https:// in " + settings_->howToSet("base_url") +
                      (allowed ? "" : ", or allow it with " + settings_->howToSet("allow_insecure_http"));
    }
    add(std::move(step));
}

void Doctor::addClock(Response const& response, WallTime arrived) {
    auto const server = serverTime(response.headers);
    if (!server) {
        add({"", Result::ok, std::nullopt, "not known: the reply has no Date"});
        return;
    }
    auto const skew = std::chrono::round<std::chrono::seconds>(*server - arrived);
    Step step{"", Result::ok};
    step.facts = {{"skew_seconds", std::to_string(skew.count())}};
    if (std::chrono::abs(skew) <= harmlessSkew) {
        step.text = "the server's and this machine's agree";
    } else {
        step.result = Result::warned;
        step.text = "the server's is " + describeDuration(std::chrono::abs(skew)) +
                    (skew.count() > 0 ? " ahead of" : " behind") + " this machine's";
        step.remedy = "set both by NTP; the life of tokens is corrected for it, certificates and signatures are not";
    }
    add(std::move(step));
}

void Doctor::login() {
    static_cast<void>(transport_->take());
    auto const began = BootClock::now();
    Request request;
    request.url = base_;
    Session const session = harness_->session(options_.identity);
    try {
        Attachment const attachment = session.authorize(request, options_.timeout);
        AuthStatus const status = session.auth();
        addTokenApi();
        add({"", Result::ok, since(began), status.account.empty() ? "as " + status.identity : status.account});
        std::string const* const header = request.headers.find("Authorization");
        Step token = attachment.attached() ? describeToken(status, header != nullptr ? *header : std::string_view(),
                                                           systemClock()->now(), options_.needed)
                                           : Step{"", Result::failed, std::nullopt,
                                                  "the provider puts no credential on requests to " + base_.text()};
        add(std::move(token));
    } catch (Error const& error) {
        bool const answered = exitCodeOf(error) == ExitCode::login || exitCodeOf(error) == ExitCode::configuration;
        if (answered) {
            addTokenApi();
        }
        fail(since(began), error, loginAdvice(error, *settings_));
    }
}

/// What the login asked, and what it was answered.
void Doctor::addTokenApi() {
    Step step{"", Result::ok};
    std::chrono::nanoseconds took{0};
    for (Sighting const& seen : transport_->take()) {
        step.text += (step.text.empty() ? "" : ", then ") + seen.what + " answered " + seen.outcome;
        took += seen.took;
    }
    if (step.text.empty()) {
        step.text = "none was asked";
    } else {
        step.took = took;
    }
    add(std::move(step));
}

void Doctor::store() {
    std::string const kind = harness_->auth(options_.identity).store;
    add({"", Result::ok, std::nullopt, kind.empty() ? "memory: each process logs in for itself" : kind});
}

void Doctor::request() {
    std::string const path = !options_.path.empty()          ? options_.path
                             : settings_->has("health_path") ? settings_->text("health_path")
                                                             : "/";
    check("name another path with --path", [&](Step& step) {
        Exchange const exchange = harness_->session(options_.identity).get(path).timeout(options_.timeout).send();
        Response const& response = exchange.response();
        step.text = "GET " + harness_->session(options_.identity).url(path).text() + ": " + statusText(response);
        step.facts = {{"path", path}, {"status", std::to_string(response.status)}};
        if (!exchange.attachment().attached()) {
            step.result = Result::failed;
            step.text += "; sent without the token, which is for the base URL's origin and token_origins only";
            step.remedy = "name a path below the base URL with --path";
        } else if (response.status / 100 != 2) {
            step.result = Result::failed;
            step.text += response.body.empty() ? "" : "\n" + shown(response.body).substr(0, shownBodyBytes);
            step.remedy = statusAdvice(response.status, *settings_);
        }
    });
}

} // namespace httptest::cli
