#pragma once

#include <runai/testing/login_traffic.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace runai::testing {

/// The three ages of the public documentation, each with other token APIs:
/// 2.18 has v1 with `app_token`; 2.20 has v1 with `client_credentials` and `app_token`; 3.0 has v2, and v1 deprecated,
/// both with `client_credentials`. Every API has `password`, `refresh_token` and `external_token_exchange` as well.
/// Service accounts and access keys are where `client_credentials` is.
enum class Version { v2_18, v2_20, v3_0 };

/// Whether a login's reply tells the token's lifetime. As documented, v2 does and v1 does not.
enum class ExpiresIn { asDocumented, always, never };

/// What an account may do by itself: an admin everything, a viewer read (403 for the rest). Access rules add to it.
enum class Role { admin, viewer };

/// A request, its path without the query, and what it is about to be answered.
using ReplyObserver = std::function<void(std::string const& method, std::string const& path, Reply const& reply)>;

struct FakeControlPlaneOptions {
    std::uint16_t port = 0; ///< 0 takes a free one. The fake listens on 127.0.0.1 only.
    bool tls = false;
    Version version = Version::v3_0;
    std::optional<std::chrono::seconds> tokenLifetime = std::chrono::seconds(3600); ///< Empty: tokens without an end.
    ExpiresIn expiresIn = ExpiresIn::asDocumented;
    std::chrono::milliseconds loginDelay{0};
    std::chrono::seconds clockSkew{0};    ///< Added to the server's wall clock: `iat`, `exp`, the Date header.
    bool withoutV1 = false;               ///< 404 from v1, as of a control plane that has dropped it.
    std::string passwordClientId = {};    ///< The client_id that v2 wants beside a password; empty: none.
    bool rotateRefreshTokens = true;      ///< Each is good for one use.
    bool refreshTokensForClients = false; ///< Against RFC 6749 section 4.4.3, as some identity services do.
    std::string clientCaPem = {};         ///< With TLS: clients must show a certificate of this CA. Empty: none asked.
    ReplyObserver observer = {};          ///< Sees all replies, from several threads at once; must not throw.
};

} // namespace runai::testing
