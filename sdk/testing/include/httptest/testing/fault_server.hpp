#pragma once

#include <httptest/poco_transport.hpp>
#include <httptest/request.hpp>
#include <httptest/response.hpp>
#include <httptest/testing/fault.hpp>
#include <httptest/testing/stub_server.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::testing {

/// What the server's certificate is like.
enum class Certificate { good, wrongHost, expired, notYetValid, selfSigned, unknownCa };

/// What goes wrong before there is a request.
struct FaultServerOptions {
    bool https = false;
    std::vector<std::string> names = {}; ///< Hosts that the certificate is for, besides loopback's.
    Certificate certificate = Certificate::good;
    std::chrono::milliseconds handshakeDelay{0};
    bool answersHandshake = true;
    bool onlyTls11 = false;
    bool speaksTls = true; ///< Off: plain HTTP on the port of https:// URLs.

    Door door = Door::open;
    std::size_t mostConnections = 0; ///< At once; 0 for any number. More wait for their turn,
    bool closesSurplusOnes = false;  ///< or are closed where this is on.
};

/// A request as a FaultServer received it.
struct ReceivedRequest {
    std::size_t connection; ///< Counted from 0 in the order of acceptance.
    Request request;        ///< Its body is empty where the fault did not read it.
    std::string fault;      ///< The name of what became of it; empty for a healthy reply.
};

/// A server, or a proxy, that goes wrong by script: for suites that want to know what becomes of them then.
///
///     FaultServer server(forwardingTo(controlPlane.url()));   // or any function Request -> Response
///     server.next(faults::latency(2s));                       // the next request,
///     server.next(faults::cutAfter(20), 3);                   // then three more,
///     server.always(faults::status(503), "/api/v2/token");    // and every login
///     …                                                       // RUNAI_BASE_URL = server.url()
///     server.heal();
///
/// A request takes the first fault of the script that is for its path; what none is for is answered well. A request in
/// a proxy's form is answered as if it had come directly, and CONNECT leads to this very server, over TLS.
/// Thread-safe; the destructor ends all connections at once.
class FaultServer {
public:
    using Responder = std::function<Response(Request const&)>;

    /// Answers 200 and a little JSON.
    explicit FaultServer(FaultServerOptions options = {});
    /// @param healthy  Called on the connections' threads; an exception is answered by a 500 that shows its text.
    explicit FaultServer(Responder healthy, FaultServerOptions options = {});
    ~FaultServer();
    FaultServer(FaultServer const&) = delete;
    FaultServer& operator=(FaultServer const&) = delete;

    /// Adds to the script: the next requests whose path begins so.
    FaultServer& next(Fault fault, std::size_t requests = 1, std::string pathPrefix = "/");
    /// The same for all that come after the script's end.
    FaultServer& always(Fault fault, std::string pathPrefix = "/");

    /// From now on everything is well: no script, and for new connections an open door, a good certificate and no limit.
    void heal();

    std::uint16_t port() const noexcept;
    /// `http(s)://host:port` and `path`.
    std::string url(std::string_view path = "", std::string_view host = "127.0.0.1") const;
    /// Whom clients have to trust.
    std::string const& caCertificatePem() const noexcept;

    /// Everything so far, CONNECT included.
    std::vector<ReceivedRequest> received() const;
    /// How many requests there were, or how many of a method.
    std::size_t requestCount(std::string_view method = {}) const;
    std::size_t connectionCount() const;

    /// Waits for so many requests in all; throws std::runtime_error after 20 s.
    void waitForRequests(std::size_t count) const;
    void waitForConnections(std::size_t count) const;
    /// The same for connections that the server has closed or reset before the client did.
    void waitForEndedConnections(std::size_t count) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// Answers requests as the server at `url` does, over connections of its own.
/// @param settings  For its CA, say.
FaultServer::Responder forwardingTo(std::string_view url, TransportSettings settings = {});

} // namespace httptest::testing
