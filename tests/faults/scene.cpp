#include "scene.hpp"

#include "support/canary.hpp"
#include "swift_run_ai.hpp"
#include "timing.hpp"

#include <httptest/error.hpp>
#include <httptest/testing/scripted_transport.hpp>

#include <boost/core/demangle.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <stdexcept>
#include <typeinfo>
#include <utility>
#include <vector>

namespace fault_tests {

using namespace httptest;
using namespace httptest::testing;

namespace {

constexpr char const* hostName = "control-plane.test";
constexpr char const* clientId = "ci-client";
constexpr std::size_t bodyLimit = std::size_t{1} << 20;

std::string milliseconds(std::chrono::milliseconds duration) {
    return std::to_string(duration.count());
}

/// "BadReply" for an httptest::v1::BadReply.
std::string typeName(std::exception const& error) {
    std::string const name = boost::core::demangle(typeid(error).name());
    constexpr std::string_view scope = "httptest::v1::";
    return name.starts_with(scope) ? name.substr(scope.size()) : name;
}

/// The next login gets another token: the same one again would not be worth a replay.
std::string newToken() {
    static std::atomic<int> count{0};
    return std::string(canary::accessToken) + '-' + std::to_string(++count);
}

Response token(Request const& login) {
    bool const v1 = login.url.target == "/api/v1/token";
    std::string const fields = v1 ? R"("expiresIn":3600,"accessToken":")" : R"("expires_in":3600,"access_token":")";
    // The connection is closed, so that the next call makes its own.
    return jsonReply(200, "{" + fields + newToken() + R"("})", {{"Connection", "close"}});
}

bool isLogin(Request const& request) {
    return request.url.target == "/api/v2/token" || request.url.target == "/api/v1/token";
}

std::string shown(std::chrono::milliseconds duration) {
    auto const tenths = duration.count() / 100;
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " s";
}

} // namespace

struct Scene::Names {
    std::atomic<bool> wellKnown{false};
    std::promise<void> answered;
    std::shared_future<void> answer = answered.get_future().share();
};

Scene::Scene(FaultRow const& row, bool https, Part part) : row_(row), https_(https), part_(part) {
    other_ = std::make_unique<FaultServer>(
        [this](Request const&) {
            Response back = reply(302, "text/plain", "");
            back.headers.set("Location", server_->url("/back"));
            return back;
        },
        FaultServerOptions{.https = https});
    FaultServerOptions options = row.server;
    options.https = https && !row.client.proxy; // one speaks plainly to a proxy
    options.names = {hostName};
    server_ = std::make_unique<FaultServer>([this](Request const& request) { return respond(request); }, options);
    if (row.client.name == Name::firstAddressDead) {
        deadAddress_ = std::make_unique<StubServer>(
            StubServer::Handler(),
            StubOptions{.address = "127.0.0.2", .port = server_->port(), .door = Door::blackhole});
    }
    folder_.write("ca.pem", server_->caCertificatePem() + other_->caCertificatePem());

    HarnessOptions harness;
    harness.configuration = Configuration::fromEnvironment(environment());
    harness.providers = {std::make_shared<SwiftRunAi>()};
    if (row.client.name != Name::none) {
        names_ = std::make_shared<Names>();
        harness.transport = transportByName();
    }
    harness_ = std::make_unique<Harness>(harness);
    session_.emplace(harness_->session());
}

Scene::~Scene() {
    heal();
}

std::string Scene::baseUrl() const {
    if (row_.client.proxy) {
        return std::string(https_ ? "https://" : "http://") + hostName;
    }
    return row_.client.name == Name::none ? server_->url() : server_->url("", hostName);
}

Configuration::Environment Scene::environment() const {
    Configuration::Environment result{
        {"RUNAI_BASE_URL", baseUrl()},
        {"RUNAI_CA_FILE", (folder_.path() / "ca.pem").string()},
        {"RUNAI_ALLOW_INSECURE_HTTP", "true"}, // for names: none of them leads away from this machine
        {"HTTPTEST_EXCHANGE_TIMEOUT_MS", milliseconds(settingOf(Limit::exchange, row_.limit))},
        {"HTTPTEST_LOGIN_TIMEOUT_MS", milliseconds(settingOf(Limit::exchange, row_.limit))},
        {"HTTPTEST_CONNECT_TIMEOUT_MS", milliseconds(settingOf(Limit::connect, row_.limit))},
        {"HTTPTEST_TLS_TIMEOUT_MS", milliseconds(settingOf(Limit::tls, row_.limit))},
        {"HTTPTEST_MAX_BODY_BYTES", std::to_string(bodyLimit)},
        {"HTTPTEST_LEDGER", "false"},
    };
    if (part_ == Part::login || row_.client.logsIn) {
        result["RUNAI_CLIENT_ID"] = clientId;
        result["RUNAI_CLIENT_SECRET"] = canary::clientSecret;
    } else {
        result["RUNAI_TOKEN"] = canary::accessToken;
    }
    if (row_.client.proxy) {
        // Percent-encoded, as a URL wants it.
        result["RUNAI_PROXY_URL"] =
            "http://tester:" + percentEncode(canary::proxyPassword) + "@127.0.0.1:" + std::to_string(server_->port());
    }
    return result;
}

std::shared_ptr<Transport> Scene::transportByName() const {
    TransportSettings settings;
    settings.tls.caFile = (folder_.path() / "ca.pem").string();
    settings.limits.exchangeTimeout = settingOf(Limit::exchange, row_.limit);
    settings.limits.connectTimeout = settingOf(Limit::connect, row_.limit);
    settings.limits.tlsTimeout = settingOf(Limit::tls, row_.limit);
    settings.limits.bodyBytes = bodyLimit;
    settings.resolveName = [names = names_, kind = row_.client.name](std::string const&) -> std::vector<std::string> {
        if (!names->wellKnown && kind == Name::unknown) {
            throw std::runtime_error("Name or service not known");
        }
        if (!names->wellKnown && kind == Name::neverResolved) {
            names->answer.wait();
        }
        if (kind == Name::firstAddressDead) {
            return {"127.0.0.2", "127.0.0.1"};
        }
        return {"127.0.0.1"};
    };
    return std::make_shared<PocoTransport>(settings);
}

Response Scene::respond(Request const& request) {
    if (isLogin(request)) {
        return token(request);
    }
    if (request.url.target == "/away") {
        Response away = reply(302, "text/plain", "");
        away.headers.set("Location", other_->url("/elsewhere"));
        return away;
    }
    return jsonReply(200, R"([{"name":"cluster-1","tenantId":1}])");
}

RequestBuilder Scene::request(std::string const& method) const {
    RequestBuilder builder = session_->request(method, row_.client.path);
    if (row_.client.uploadBytes > 0) {
        builder.body(std::string(row_.client.uploadBytes, 'u'), "application/octet-stream");
    } else if (method == "POST") {
        builder.body(R"({"name":"x"})", "application/json");
    }
    if (row_.client.gzip) {
        builder.gzip();
    }
    if (row_.client.followsRedirects) {
        builder.redirects();
    }
    return builder;
}

void Scene::begin() {
    if (row_.client.logsIn && part_ == Part::api) {
        Request probe;
        probe.url = session_->url(row_.client.path);
        session_->authorize(probe);
    }
    if (row_.client.anotherConnects) {
        TransportSettings settings;
        settings.tls.caFile = (folder_.path() / "ca.pem").string();
        anotherClient_ = std::make_shared<PocoTransport>(settings);
        Request request;
        request.url = Url::parse(server_->url("/"));
        anotherClient_->send(request, BootClock::now() + std::chrono::seconds(20), {});
    }
    if (row_.client.connection == Kept::spoilt) {
        script();
        callBefore();
        server_->waitForEndedConnections(1);
    } else if (row_.client.connection == Kept::well) {
        callBefore();
        script();
    } else {
        script();
    }
    before_ = server_->requestCount();
}

void Scene::callBefore() {
    session_->get(row_.client.path).anonymous().send().requireStatus(200);
}

void Scene::script() {
    // Of a call with a login only the call is to go wrong.
    std::string const path = part_ == Part::api && row_.client.logsIn ? row_.client.path : "/";
    if (row_.times > 0) {
        server_->next(row_.fault, row_.times, path);
    } else {
        server_->always(row_.fault, path);
    }
}

Ended Scene::call(std::string const& method) {
    RequestBuilder const builder = request(method);
    Ended ended;
    auto const start = BootClock::now();
    try {
        ended.status = builder.send().status();
    } catch (std::exception const& error) {
        ended.error = typeName(error);
        ended.text = error.what();
    }
    ended.after = BootClock::now() - start;
    return ended;
}

void Scene::heal() {
    anotherClient_.reset();
    server_->heal();
    if (names_ && !names_->wellKnown.exchange(true)) {
        names_->answered.set_value();
    }
}

std::size_t Scene::requests() const {
    auto const all = server_->received();
    auto const counts = [this](ReceivedRequest const& one) {
        return one.request.method == "CONNECT" || isLogin(one.request) == (part_ == Part::login);
    };
    auto const begin = all.begin() + static_cast<std::ptrdiff_t>(before_);
    return static_cast<std::size_t>(std::count_if(begin, all.end(), counts));
}

bool Scene::otherGotToken() const {
    auto const all = other_->received();
    return std::any_of(all.begin(), all.end(),
                       [](ReceivedRequest const& one) { return one.request.headers.has("Authorization"); });
}

Placeholders Scene::placeholders(std::string const& method) const {
    bool const idempotent = method == "GET";
    std::string const address = "127.0.0.1:" + std::to_string(server_->port());
    return {
        {"request", part_ == Part::login ? "{login}" : method + " {url}" + row_.client.path},
        {"login", "could not log in (client_credentials of '" + std::string(clientId) +
                      "' at {url}/, by client_id (RUNAI_CLIENT_ID), client_secret (RUNAI_CLIENT_SECRET)): "
                      "POST {url}/api/v2/token"},
        {"at the token API", "could not log in to {url}/api/v2/token as '" + std::string(clientId) + "'"},
        {"method", part_ == Part::login ? "POST" : method},
        {"url", baseUrl()},
        {"ca_file", (folder_.path() / "ca.pem").string()},
        {"host", hostName},
        {"address", address},
        {"peer", "(connected to " + address + ")"},
        {"proxy", "http://" + address},
        {"unsafe", part_ == Part::api && idempotent
                       ? ""
                       : "; the transport does not send it again, since it may have been carried out"},
        {"limit", shown(shortLimit)},
    };
}

} // namespace fault_tests
