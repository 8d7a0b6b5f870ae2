#pragma once

#include <httptest/abi.hpp>
#include <httptest/settings.hpp>
#include <httptest/transport.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace httptest::inline v1 {

enum class TlsVersion { tls12, tls13 };

struct TlsSettings {
    std::string caFile;          ///< Trusted besides the system's CAs; PEM.
    std::string caPath;          ///< The same: a folder of PEM files, hashed (`openssl rehash`) or not.
    std::string certificateFile; ///< Client certificate chain; PEM.
    std::string keyFile;         ///< Its key; PEM.
    std::optional<SecretSource> keyPassphrase = std::nullopt; ///< Of an encrypted key.
    TlsVersion minimumVersion = TlsVersion::tls12;
    bool verify = true; ///< Turning this off is shouted in every report.
    bool systemCas = true;
};

struct TransportLimits {
    std::chrono::nanoseconds connectTimeout = std::chrono::seconds(10);       ///< For each address.
    std::chrono::nanoseconds connectStagger = std::chrono::milliseconds(250); ///< RFC 8305 section 5.
    std::chrono::nanoseconds tlsTimeout = std::chrono::seconds(10);
    std::chrono::nanoseconds exchangeTimeout = std::chrono::seconds(30);
    std::chrono::nanoseconds idleTimeout = std::chrono::seconds(30);
    std::size_t idleConnections = 16; ///< For each origin and proxy.
    std::size_t headerBytes = std::size_t{64} * 1024;
    std::size_t headerFields = 100;
    std::size_t bodyBytes = std::size_t{64} * 1024 * 1024;
};

/// Returns the numeric addresses of a host name, in the order in which they are to be tried; throws what its text
/// explains. Called on threads of the transport, which may outlive it when the call hangs.
using ResolveName = std::function<std::vector<std::string>(std::string const& host)>;

struct TransportSettings {
    TlsSettings tls;
    TransportLimits limits;
    /// `http://[user:password@]host:port`, for all targets; empty for none. Loopback is never proxied.
    std::string proxyUrl;
    /// The environment's, by the target's scheme, where proxyUrl is empty; the scheme may be left out.
    std::string httpProxyUrl;
    std::string httpsProxyUrl;
    std::string anyProxyUrl; ///< For the scheme whose own is empty.
    /// Targets that are reached without a proxy, as in the variable `no_proxy`: names with what is below them,
    /// addresses, networks, "host:port", "*".
    std::string noProxy;
    /// Asked instead of the system's name service, for names that are not in it (yet); never for literals and localhost.
    ResolveName resolveName;
};

/// The transport over Poco's sockets and TLS, with Boost.Beast's strict parser for the messages.
///
/// Keeps connections alive and pools them by origin and proxy. TLS settings and client certificate belong to the
/// object, so that two objects never share a connection. Certificates and host names are verified inside OpenSSL.
/// A request is resent by itself only where its method is idempotent and the server had closed a kept connection
/// before sending a byte of the reply (RFC 9110 section 9.2.2). Thread-safe.
class HTTPTEST_API PocoTransport final : public Transport {
public:
    explicit PocoTransport(TransportSettings settings = {});
    ~PocoTransport() override;
    PocoTransport(PocoTransport const&) = delete;
    PocoTransport& operator=(PocoTransport const&) = delete;

    Response send(Request const& request, SteadyTime deadline, std::stop_token stop) override;

    /// Connections that wait for their next request.
    std::size_t idleConnections() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace httptest::v1
