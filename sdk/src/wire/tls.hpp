#pragma once

#include "wire/watch.hpp"

#include <httptest/poco_transport.hpp>
#include <httptest/response.hpp>

#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <openssl/ssl.h>

#include <memory>

namespace httptest::wire {

class TlsContexts;

/// A connection whose TLS handshake is done, the peer verified.
struct SecureLink {
    Poco::Net::SecureStreamSocket socket;
    SSL const* ssl; ///< Owned by `socket`, for questions only.
};

/// TLS to any number of origins under one set of settings. Thread-safe.
///
/// Every origin has a context of its own, so that OpenSSL itself verifies its name in the handshake: a check that comes
/// afterwards can be skipped. All share one store of trusted certificates, loaded at the first handshake.
class Tls {
public:
    explicit Tls(TlsSettings settings);
    ~Tls();

    /// @param tcp  Connected and non-blocking.
    /// @throws TlsError        Certificate, name, version, client certificate, CA file: names what to do.
    /// @throws ConnectionLost  The server closed the connection in the handshake.
    /// @throws TimedOut, Cancelled
    SecureLink handshake(Poco::Net::StreamSocket const& tcp, Origin const& origin, std::chrono::nanoseconds timeout,
                         Watch& watch);

    /// Keeps the session of a connection that worked, for a cheaper next handshake.
    void remember(Origin const& origin, Poco::Net::SecureStreamSocket socket);

    /// Fills in what is known of the connection and its certificate.
    static void describe(SSL const* ssl, ConnectionFacts& facts);

private:
    TlsSettings settings_;
    std::unique_ptr<TlsContexts> contexts_;
};

} // namespace httptest::wire
