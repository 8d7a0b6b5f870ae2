#pragma once

#include "http.hpp"
#include "server_clock.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace runai::testing {

struct ServerCertificate {
    std::string certificatePem;
    std::string privateKeyPem;
    std::string clientCaPem; ///< Empty: clients need no certificate.
};

/// HTTP(S) on 127.0.0.1 over Poco: one thread for each open connection.
class HttpServer {
public:
    /// Binds the port (0 takes a free one). `certificate` is null for plain HTTP; `clock` outlives the server and dates
    /// its replies.
    HttpServer(std::uint16_t port, ServerCertificate const* certificate, ServerClock const& clock);
    ~HttpServer();

    std::uint16_t port() const;

    /// Called once. What the handler throws becomes a 500; it is called from many threads.
    void start(std::function<Reply(Request)> handler);

    /// Ends all connections. Handlers that wait must have been told to end before.
    void stop();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace runai::testing
