#pragma once

#include <httptest/error.hpp>
#include <httptest/poco_transport.hpp>
#include <httptest/testing/stub_server.hpp>

#include <boost/test/unit_test.hpp>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

namespace httptest::testing {

using namespace std::chrono_literals;

/// What any single step of these tests may take; only something that hangs takes longer.
inline constexpr auto patience = 20s;

inline Request makeRequest(std::string method, std::string const& url, std::string body = {}) {
    Request request;
    request.method = std::move(method);
    request.url = Url::parse(url);
    request.body = std::move(body);
    return request;
}

inline Response send(Transport& transport, Request const& request, std::chrono::nanoseconds limit = patience,
                     std::stop_token stop = {}) {
    return transport.send(request, BootClock::now() + limit, std::move(stop));
}

inline Response get(Transport& transport, std::string const& url) {
    return send(transport, makeRequest("GET", url));
}

/// Runs `action`, which must throw exactly `Failure`; returns a copy of it.
template <class Failure, class Action>
Failure failureOf(Action action) {
    try {
        action();
    } catch (Failure const& failure) {
        BOOST_TEST(typeid(failure).name() == typeid(Failure).name(), failure.what());
        return failure;
    } catch (std::exception const& other) {
        BOOST_FAIL("another exception: " << typeid(other).name() << ": " << other.what());
    }
    BOOST_FAIL("nothing was thrown");
    throw std::logic_error("not reached");
}

/// Fails, showing both, unless `text` contains `part`.
inline void checkContains(std::string_view text, std::string_view part) {
    BOOST_TEST((text.find(part) != std::string_view::npos), "'" << text << "' does not contain '" << part << "'");
}

/// Answers every request of a connection with the same reply.
inline StubServer::Handler answering(std::string reply) {
    return [reply = std::move(reply)](StubConnection& connection) {
        for (;;) {
            connection.readRequest();
            connection.send(reply);
        }
    };
}

/// A port that neither accepts nor refuses connections, as if the machine were dead: its queue is full.
class DeadPort {
public:
    /// @param host  Below 127.0.0.0/8, so that it can differ from a server's address at the same port.
    explicit DeadPort(std::uint32_t host = INADDR_LOOPBACK, std::uint16_t port = 0) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(host);
        address.sin_port = htons(port);
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof address;
        int const listener = open(0);
        if (::bind(listener, generic, size) != 0 || ::listen(listener, 0) != 0 ||
            ::getsockname(listener, generic, &size) != 0) {
            throw std::runtime_error("cannot listen on loopback");
        }
        port_ = ntohs(address.sin_port);
        for (bool full = false; !full;) {
            pollfd client{open(SOCK_NONBLOCK), POLLOUT, 0};
            static_cast<void>(::connect(client.fd, generic, size));
            constexpr int settledAfterMs = 100; // loopback connects at once, or not at all
            full = ::poll(&client, 1, settledAfterMs) == 0;
        }
    }
    ~DeadPort() {
        for (int const socket : sockets_) {
            ::close(socket);
        }
    }
    DeadPort(DeadPort const&) = delete;
    DeadPort& operator=(DeadPort const&) = delete;

    std::uint16_t port() const noexcept { return port_; }

private:
    int open(int flags) {
        int const socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
        sockets_.push_back(socket);
        return socket;
    }

    std::vector<int> sockets_;
    std::uint16_t port_ = 0;
};

inline constexpr char okReply[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

} // namespace httptest::testing
