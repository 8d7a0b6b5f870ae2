#pragma once

#include <runai/testing/fake_control_plane_options.hpp>
#include <runai/testing/login_traffic.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace runai::testing {

/// A Run:ai control plane behind a real HTTP(S) server: both token APIs and the resources of `routes()`, in memory.
///
/// Every API call's bearer is verified: signature, issuer, end of life, revocation, permission. The constructor returns once
/// connections are accepted and throws std::exception when the port or the certificates cannot be used; the destructor
/// ends held logins and open connections at once. Every member is thread-safe.
class FakeControlPlane {
public:
    explicit FakeControlPlane(FakeControlPlaneOptions const& options = {});
    ~FakeControlPlane();
    FakeControlPlane(FakeControlPlane const&) = delete;
    FakeControlPlane& operator=(FakeControlPlane const&) = delete;

    /// Origin without a trailing slash: `http://127.0.0.1:<port>`.
    std::string const& url() const noexcept;
    /// What clients have to trust; empty without TLS.
    std::string const& caCertificatePem() const noexcept;

    /// A client that can log in from the start; for `app_token` the same pair is application id and secret.
    std::string const& clientId() const noexcept;
    /// 256 random bits, other ones in each fake. As given by the constructor: `setSecret` does not change it.
    std::string const& clientSecret() const noexcept;
    /// A client of role `viewer`.
    std::string const& viewerId() const noexcept;
    std::string const& viewerSecret() const noexcept;
    /// A user of the control plane's own, an admin, for the grant `password`.
    std::string const& userName() const noexcept;
    std::string const& userPassword() const noexcept;
    /// The one cluster; projects are created in it.
    std::string const& clusterId() const noexcept;

    /// Replaces secret and role when the client is there already.
    void addClient(std::string const& id, std::string const& secret, Role role = Role::admin);
    /// Rotation: the old secret is refused from now on, tokens stay valid. Throws std::out_of_range for an unknown id.
    void setSecret(std::string const& id, std::string const& secret);
    /// Its tokens stay valid.
    void removeClient(std::string const& id);

    /// Replaces password and role when the user is there already; refresh tokens stay good.
    void addUser(std::string const& name, std::string const& password, Role role = Role::admin);
    void revokeRefreshTokens();

    /// A token of the identity provider that this control plane trusts, for the grant `external_token_exchange`; a
    /// negative lifetime makes one that has ended. Whoever it is for gets this role.
    std::string externalToken(std::string const& subject, std::chrono::seconds lifetime = std::chrono::hours(1),
                              Role role = Role::admin);

    /// Every secret that it has made or been given so far, used up or not: of clients and users, access, refresh and
    /// external tokens; the newest 10,000. For tests that look where none of them may be.
    std::vector<std::string> secrets() const;

    /// Empty before the first login.
    std::string newestToken() const;
    /// A token of the client's that has ended an hour ago, as a job of yesterday left it behind.
    std::string expiredToken() const;
    /// Revokes every token issued so far.
    void revokeTokens();
    /// Throws std::invalid_argument when this control plane did not issue the token.
    void revoke(std::string const& token);
    /// Of tokens issued from now on; empty for tokens without an end.
    void setTokenLifetime(std::optional<std::chrono::seconds> lifetime);
    /// Moves the server's wall clock: what a test does instead of waiting for a token to expire.
    void setClockSkew(std::chrono::seconds skew);

    /// Login requests wait until `releaseLogins`. They are counted and recorded when they arrive.
    void holdLogins();
    void releaseLogins();
    /// False when fewer than `count` login requests are held after `timeout`.
    bool waitForHeldLogins(std::size_t count, std::chrono::milliseconds timeout);
    void setLoginDelay(std::chrono::milliseconds delay);
    /// The next login requests, to either API, get these replies in this order. Replaces an earlier script.
    void scriptLogins(std::deque<ScriptedReply> replies);

    /// A workspace takes a step to its next phase with every GET of it, after the reply: `Creating`, `Pending`,
    /// `Running`. From here on it does not, until `releaseWorkspaces`.
    void holdWorkspaces();
    /// Every workspace takes one step.
    void stepWorkspaces();
    void releaseWorkspaces();

    /// What it serves, with `{id}` for any one segment: "GET /api/v1/clusters/{id}".
    std::vector<std::string> routes() const;

    Counters counters() const;
    /// The newest 1,000, oldest first.
    std::vector<LoginRequest> loginRequests() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace runai::testing
