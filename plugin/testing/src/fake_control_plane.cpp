#include <runai/testing/fake_control_plane.hpp>

#include "bearer_guard.hpp"
#include "client_registry.hpp"
#include "grants.hpp"
#include "http_server.hpp"
#include "login_desk.hpp"
#include "random_text.hpp"
#include "refresh_tokens.hpp"
#include "resources/access_keys.hpp"
#include "resources/access_rules.hpp"
#include "resources/clusters.hpp"
#include "resources/departments.hpp"
#include "resources/projects.hpp"
#include "resources/roles.hpp"
#include "resources/service_accounts.hpp"
#include "resources/workspace_templates.hpp"
#include "resources/workspaces.hpp"
#include "router.hpp"
#include "server_clock.hpp"
#include "tally.hpp"
#include "token_api.hpp"
#include "token_issuer.hpp"

#include <httptest/testing/test_ca.hpp>

#include <utility>

namespace runai::testing {

namespace {

/// The certificate authority of a fake with TLS, and its server's certificate.
struct Tls {
    explicit Tls(std::string clientCaPem) {
        httptest::testing::TestCa const ca("Fake Run:ai control plane CA");
        auto leaf = ca.issue(
            {.commonName = "fake-control-plane", .dnsNames = {"localhost"}, .ipAddresses = {"127.0.0.1", "::1"}});
        caPem = ca.certificatePem();
        certificate = {std::move(leaf.certificatePem), std::move(leaf.privateKeyPem), std::move(clientCaPem)};
    }

    std::string caPem;
    ServerCertificate certificate;
};

} // namespace

class FakeControlPlane::Impl {
public:
    explicit Impl(FakeControlPlaneOptions const& options)
        : clock(options.clockSkew),
          gate(options.loginDelay),
          desk(tally, gate),
          observer(options.observer),
          clients(secrets),
          users(secrets),
          tls(options.tls ? std::make_unique<Tls>(options.clientCaPem) : nullptr),
          server(options.port, tls ? &tls->certificate : nullptr, clock),
          url((options.tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(server.port())),
          issuer(url + "/auth/realms/runai", clock, options.tokenLifetime, secrets),
          identityProvider("https://identity.example", clock, std::nullopt, secrets),
          refreshTokens(options.rotateRefreshTokens, secrets),
          grants(options, {clients, users, identityProvider, issuer, refreshTokens}),
          clusters(clock),
          roles(clock),
          departments(clock, clusters.demoId(), [this](std::string const& id) { return projects.anyIn(id); }),
          projects(clock, clusters.demoId(), departments),
          workspaces(clock, clusters.demoId(), projects),
          workspaceTemplates(clock),
          serviceAccounts(clock, clients),
          accessKeys(clock, clients),
          accessRules({clock, clusters, departments, projects}),
          guard(issuer, accessRules, tally),
          router([this](Request& request, Route const* route) { return guard.check(request, route); }) {
        clients.add(clientId, clientSecret, Role::admin);
        clients.add(viewerId, viewerSecret, Role::viewer);
        users.add(userName, userPassword, Role::admin);
        TokenApiParts const parts{options.version, options.withoutV1, options.expiresIn, grants, desk, tally};
        router.add(tokenApiV1(parts));
        router.add(tokenApiV2(parts));
        router.add(clusters.routes());
        router.add(departments.routes());
        router.add(projects.routes());
        router.add(workspaces.routes());
        router.add(workspaceTemplates.routes());
        if (options.version != Version::v2_18) { // they are for client_credentials, which it does not have
            router.add(serviceAccounts.routes());
            router.add(accessKeys.routes());
        }
        router.add(roles.routes());
        router.add(accessRules.routes());
        server.start([this](Request const& request) {
            tally.count(&Counters::requests);
            auto reply = router.answer(request);
            if (observer) {
                observer(request.method, request.path, reply);
            }
            return reply;
        });
    }

    ~Impl() {
        gate.open();
        server.stop();
    }

    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;

    std::string const clientId = "fake-client";
    std::string const clientSecret = randomSecret();
    std::string const viewerId = "fake-viewer";
    std::string const viewerSecret = randomSecret();
    std::string const userName = "fake-user@example.com";
    std::string const userPassword = randomSecret();
    std::string const noCa;

    ServerClock clock;
    Tally tally;
    LoginGate gate;
    LoginDesk desk;
    KnownSecrets secrets;
    ReplyObserver const observer;
    ClientRegistry clients;
    ClientRegistry users;
    std::unique_ptr<Tls const> tls;
    HttpServer server;
    std::string const url;
    TokenIssuer issuer;
    TokenIssuer identityProvider;
    RefreshTokens refreshTokens;
    Grants grants;
    Clusters clusters;
    Roles roles;
    Departments departments;
    Projects projects;
    Workspaces workspaces;
    WorkspaceTemplates workspaceTemplates;
    ServiceAccounts serviceAccounts;
    AccessKeys accessKeys;
    AccessRules accessRules;
    BearerGuard guard;
    Router router;
};

FakeControlPlane::FakeControlPlane(FakeControlPlaneOptions const& options) : impl_(std::make_unique<Impl>(options)) {}
FakeControlPlane::~FakeControlPlane() = default;

std::string const& FakeControlPlane::url() const noexcept {
    return impl_->url;
}
std::string const& FakeControlPlane::caCertificatePem() const noexcept {
    return impl_->tls ? impl_->tls->caPem : impl_->noCa;
}
std::string const& FakeControlPlane::clientId() const noexcept {
    return impl_->clientId;
}
std::string const& FakeControlPlane::clientSecret() const noexcept {
    return impl_->clientSecret;
}
std::string const& FakeControlPlane::viewerId() const noexcept {
    return impl_->viewerId;
}
std::string const& FakeControlPlane::viewerSecret() const noexcept {
    return impl_->viewerSecret;
}
std::string const& FakeControlPlane::userName() const noexcept {
    return impl_->userName;
}
std::string const& FakeControlPlane::userPassword() const noexcept {
    return impl_->userPassword;
}
std::string const& FakeControlPlane::clusterId() const noexcept {
    return impl_->clusters.demoId();
}

void FakeControlPlane::addClient(std::string const& id, std::string const& secret, Role role) {
    impl_->clients.add(id, secret, role);
}
void FakeControlPlane::setSecret(std::string const& id, std::string const& secret) {
    impl_->clients.setSecret(id, secret);
}
void FakeControlPlane::removeClient(std::string const& id) {
    impl_->clients.remove(id);
}

void FakeControlPlane::addUser(std::string const& name, std::string const& password, Role role) {
    impl_->users.add(name, password, role);
}
void FakeControlPlane::revokeRefreshTokens() {
    impl_->refreshTokens.revokeAll();
}

std::string FakeControlPlane::externalToken(std::string const& subject, std::chrono::seconds lifetime, Role role) {
    return impl_->identityProvider.issue(subject, role, lifetime).value;
}

std::vector<std::string> FakeControlPlane::secrets() const {
    return impl_->secrets.all();
}

std::string FakeControlPlane::newestToken() const {
    return impl_->issuer.newest();
}
std::string FakeControlPlane::expiredToken() const {
    return impl_->issuer.expired(impl_->clientId, Role::admin);
}
void FakeControlPlane::revokeTokens() {
    impl_->issuer.revokeAll();
}
void FakeControlPlane::revoke(std::string const& token) {
    impl_->issuer.revoke(token);
}
void FakeControlPlane::setTokenLifetime(std::optional<std::chrono::seconds> lifetime) {
    impl_->issuer.setLifetime(lifetime);
}
void FakeControlPlane::setClockSkew(std::chrono::seconds skew) {
    impl_->clock.setSkew(skew);
}

void FakeControlPlane::holdWorkspaces() {
    impl_->workspaces.hold();
}
void FakeControlPlane::stepWorkspaces() {
    impl_->workspaces.step();
}
void FakeControlPlane::releaseWorkspaces() {
    impl_->workspaces.release();
}

std::vector<std::string> FakeControlPlane::routes() const {
    std::vector<std::string> routes;
    for (auto const& route : impl_->router.routes()) {
        routes.push_back(route.method + " " + route.pattern);
    }
    return routes;
}

void FakeControlPlane::holdLogins() {
    impl_->gate.hold();
}
void FakeControlPlane::releaseLogins() {
    impl_->gate.release();
}
bool FakeControlPlane::waitForHeldLogins(std::size_t count, std::chrono::milliseconds timeout) {
    return impl_->gate.waitForHeld(count, timeout);
}
void FakeControlPlane::setLoginDelay(std::chrono::milliseconds delay) {
    impl_->gate.setDelay(delay);
}
void FakeControlPlane::scriptLogins(std::deque<ScriptedReply> replies) {
    impl_->desk.script(std::move(replies));
}

Counters FakeControlPlane::counters() const {
    return impl_->tally.counters();
}
std::vector<LoginRequest> FakeControlPlane::loginRequests() const {
    return impl_->desk.recorded();
}

} // namespace runai::testing
