#pragma once

#include <httptest/abi.hpp>
#include <httptest/headers.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace httptest::inline v1 {

/// Facts of the connection that carried an exchange; the same object for all exchanges of one connection.
struct ConnectionFacts {
    std::string peer;       ///< Numeric address and port.
    std::string proxy;      ///< Empty when direct.
    std::string tlsVersion; ///< "TLSv1.3"; empty without TLS.
    std::string cipher;
    std::string peerIssuer; ///< The certificate's issuer.
    std::string peerNotAfter;
    std::string trustAnchor; ///< The CA at the end of the verified chain; empty when none was verified.
    std::string tlsGroup;    ///< Of the key exchange: "x25519"; empty where OpenSSL does not tell.
    /// What the name was resolved to, in the order in which they are tried: the proxy's where there is one.
    std::vector<std::string> addresses;
};

/// Where the time of an exchange went. All but the total are zero on a reused connection.
struct Timings {
    std::chrono::nanoseconds resolve{0};
    std::chrono::nanoseconds connect{0};
    std::chrono::nanoseconds tls{0};
    std::chrono::nanoseconds proxy{0}; ///< The part of `connect` in which a proxy opened its tunnel.
    std::chrono::nanoseconds total{0};
};

/// A whole reply. A status of 400 or more is data, not an error.
struct Response {
    int status = 0;
    std::string reason;
    Headers headers;
    std::string body;
    bool bodyDecoded = false; ///< The body came gzip-encoded and is decoded; the headers are as they came.
    Timings timings;
    bool connectionReused = false;
    /// Null where no connection was involved, as with a scripted transport.
    std::shared_ptr<ConnectionFacts const> connection;
};

} // namespace httptest::v1
