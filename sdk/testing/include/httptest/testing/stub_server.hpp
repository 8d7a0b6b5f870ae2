#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::testing {

/// How a StubServer speaks TLS, well or badly.
struct StubTls {
    std::string certificatePem;
    std::string privateKeyPem;
    std::string clientCaPem = {}; ///< Wants a client certificate of this CA.
    std::chrono::milliseconds handshakeDelay{0};
    bool answerHandshake = true;
    bool onlyTls11 = false;
    bool onlyTls12 = false;
};

/// What a client finds that connects.
enum class Door {
    open,
    refused,   ///< Nobody listens.
    blackhole, ///< Nobody answers, as when the machine is dead.
};

struct StubOptions {
    std::optional<StubTls> tls = std::nullopt;
    std::string address = "127.0.0.1"; ///< Of 127.0.0.0/8, or 0.0.0.0 for all of them, or ::1.
    std::uint16_t port = 0;            ///< 0 for a free one.
    Door door = Door::open;
};

struct StubRequest {
    std::size_t connection; ///< Counted from 0 in the order of acceptance.
    std::string bytes;      ///< Exactly as received.
};

/// The server's end of one connection, in the hands of its handler. When the client is gone or the server stops, every
/// function ends the handler quietly, by an exception that is no std::exception; so do those that end the connection.
class StubConnection {
public:
    std::size_t index() const noexcept;

    /// Reads and records one request with its body (by Content-Length).
    std::string readRequest();

    /// Reads and records a request's header; its body stays on the wire.
    std::string readHead();

    /// Reads so many bytes, whatever they are; they are not recorded.
    std::string readBytes(std::size_t count);

    void send(std::string_view bytes);

    /// Sends byte by byte with a pause before each.
    void drip(std::string_view bytes, std::chrono::milliseconds pause);

    /// Does nothing for so long.
    void pause(std::chrono::milliseconds duration);

    /// Goes over to TLS, as a proxy's tunnel does.
    void startTls(StubTls const& tls);

    /// Waits until the test calls StubServer::release(). Each release lets one waiter go.
    void waitForRelease();

    /// Takes no more notice of the client until it goes away.
    [[noreturn]] void waitForClose();

    /// FIN, after close_notify on TLS; the client may still send.
    void endSending();

    /// FIN without close_notify.
    void cutSending();

    /// `endSending`, then waits for the client to close as well. Returning from the handler does that too.
    [[noreturn]] void close();

    /// FIN without close_notify, as when somebody cuts the connection.
    [[noreturn]] void cut();

    /// RST.
    [[noreturn]] void reset();

    struct Impl;
    explicit StubConnection(Impl& impl) noexcept : impl_(&impl) {}

private:
    Impl* impl_;
};

/// A server on loopback that does exactly what its handler says, byte by byte: for tests of clients.
///
///     StubServer server([](StubConnection& connection) {
///         connection.readRequest();
///         connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
///     });
///
/// The handler runs once for each connection, on a thread of its own. The destructor ends all of them at once.
class StubServer {
public:
    using Handler = std::function<void(StubConnection&)>;

    explicit StubServer(Handler handler, StubOptions options = {});
    ~StubServer();
    StubServer(StubServer const&) = delete;
    StubServer& operator=(StubServer const&) = delete;

    std::uint16_t port() const noexcept;

    /// `http(s)://host:port` and `path`; host is the address that it listens on when left out.
    std::string url(std::string_view path = "/", std::string_view host = {}) const;

    std::size_t connections() const;
    std::vector<StubRequest> requests() const;

    /// Waits for so many requests in all; throws std::runtime_error after 20 s.
    void waitForRequests(std::size_t count) const;

    /// The same for connections.
    void waitForConnections(std::size_t count) const;

    /// Lets one StubConnection::waitForRelease() return, now or later.
    void release();

    /// Accepts connections from now on, whatever the door was.
    void open();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace httptest::testing
