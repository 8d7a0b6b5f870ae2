#include "relay.hpp"

#include "channel.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnection.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/ThreadPool.h>
#include <Poco/URI.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace soak {

namespace {

using runai::testing::FakeControlPlane;

/// Longer than any reply of the fake's takes, far shorter than any time-out of the client's.
constexpr auto lateness = std::chrono::milliseconds(250);
/// Each holds a thread: 16 clients, 10 logins, the client's idle ones and those that it does not yet know to be dead.
constexpr int mostConnections = 256;

struct Parts {
    FakeControlPlane& plane;
    FaultPlan& plan;
    Ledger& ledger;
};

std::string plainReply(std::string const& statusAndReason, std::string const& fields) {
    return "HTTP/1.1 " + statusAndReason + "\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n" + fields +
           "\r\nfault\n";
}

int statusOf(Message const& reply) {
    return std::stoi(std::string(reply.startLine().substr(std::string_view("HTTP/1.1 ").size(), 3)));
}

bool isLogin(Message const& request) {
    return request.startLine().find("/token ") != std::string_view::npos;
}

std::string clientOf(Message const& login) {
    constexpr std::string_view name = "client_id=";
    auto const at = login.body.find(name);
    if (at == std::string::npos) {
        return "unknown";
    }
    auto const begin = at + name.size();
    return login.body.substr(begin, login.body.find('&', begin) - begin);
}

std::string tokenOf(Message const& request) {
    constexpr std::string_view scheme = "Bearer ";
    auto const value = request.field("Authorization");
    return value.starts_with(scheme) ? std::string(value.substr(scheme.size())) : std::string();
}

/// With the request's number, by which the client knows the reply for its own.
std::string numbered(std::string bytes, std::string_view number) {
    auto const field = std::string(numberHeader).append(": ").append(number).append("\r\n");
    return bytes.insert(bytes.find("\r\n") + 2, field);
}

/// One client's connection. What it throws ends it.
class Connection final : public Poco::Net::TCPServerConnection {
public:
    Connection(Poco::Net::StreamSocket const& socket, Parts const& parts)
        : TCPServerConnection(socket),
          parts_(parts),
          client_(socket) {}

    void run() override {
        try {
            auto request = client_.read();
            while (request && (isLogin(*request) ? serveLogin(*request) : serveCall(*request))) {
                request = client_.read();
            }
        } catch (Poco::Exception const&) {
            // The client is gone.
        }
    }

private:
    /// False at the connection's end; so does the other.
    bool serveLogin(Message const& login) {
        auto const client = clientOf(login);
        parts_.ledger.loginArrived(client);
        auto const fault = parts_.plan.drawForLogin();
        if (fault == LoginFault::none) {
            auto const reply = ask(login);
            if (!reply) {
                return false;
            }
            parts_.ledger.loginAnswered(client, statusOf(*reply));
            client_.send(reply->bytes());
            return true;
        }
        parts_.ledger.loginSpoiled(fault);
        if (fault == LoginFault::cut) {
            return false;
        }
        client_.send(fault == LoginFault::throttled ? plainReply("429 Too Many Requests", "Retry-After: 1\r\n")
                                                    : plainReply("503 Service Unavailable", ""));
        return true;
    }

    bool serveCall(Message const& request) {
        auto const number = request.field(numberHeader);
        bool const post = request.startLine().starts_with("POST ");
        auto const id = std::stoull(std::string(number));
        parts_.ledger.arrived(post, id);
        auto const token = tokenOf(request);
        auto const fault = faultFor(token);
        switch (fault) {
        case Fault::internalError: return reply(500, numbered(plainReply("500 Internal Server Error", ""), number));
        case Fault::unavailable: return reply(503, numbered(plainReply("503 Service Unavailable", ""), number));
        case Fault::cut: return false;
        case Fault::reset: return reset();
        case Fault::tokenRevoked: parts_.plane.revoke(token); break;
        default: break;
        }
        auto const answer = ask(request);
        if (!answer) {
            return false;
        }
        parts_.ledger.answered(post, id, statusOf(*answer), token);
        auto const bytes = numbered(answer->bytes(), number);
        switch (fault) {
        case Fault::replyLost: return reset();
        case Fault::replyCutShort: client_.send(std::string_view(bytes).substr(0, bytes.size() / 2)); return false;
        case Fault::late: std::this_thread::sleep_for(lateness); break;
        default: break;
        }
        return reply(statusOf(*answer), bytes) && fault != Fault::connectionDropped;
    }

    Fault faultFor(std::string const& token) {
        parts_.ledger.saw(token);
        auto const fault = parts_.plan.drawForCall();
        if (fault == Fault::none || (fault == Fault::tokenRevoked && !parts_.ledger.revoke(token))) {
            return Fault::none;
        }
        parts_.ledger.spoiled(fault);
        return fault;
    }

    bool reply(int status, std::string const& bytes) {
        parts_.ledger.replied(status);
        client_.send(bytes);
        return true;
    }

    bool reset() {
        socket().setLinger(true, 0);
        return false;
    }

    /// The control plane's reply; nothing when it could not be had.
    std::optional<Message> ask(Message const& request) {
        try {
            if (!plane_ || plane_->stale()) { // it ends connections that were idle for long
                Poco::URI const uri(parts_.plane.url());
                plane_.emplace(Poco::Net::StreamSocket(Poco::Net::SocketAddress(uri.getHost(), uri.getPort())));
            }
            plane_->send(request.bytes());
            if (auto answer = plane_->read()) {
                return answer;
            }
        } catch (Poco::Exception const&) {
        }
        parts_.ledger.controlPlaneLost();
        return std::nullopt;
    }

    Parts parts_;
    Channel client_;
    std::optional<Channel> plane_;
};

class Factory final : public Poco::Net::TCPServerConnectionFactory {
public:
    explicit Factory(Parts const& parts) : parts_(parts) {}

    Poco::Net::TCPServerConnection* createConnection(Poco::Net::StreamSocket const& socket) override {
        return std::make_unique<Connection>(socket, parts_).release();
    }

private:
    Parts parts_;
};

Poco::Net::ServerSocket listen() {
    Poco::Net::ServerSocket socket;
    socket.bind(Poco::Net::SocketAddress("127.0.0.1", 0));
    socket.listen(mostConnections);
    return socket;
}

Poco::Net::TCPServerParams::Ptr serverParams() {
    Poco::Net::TCPServerParams::Ptr params = new Poco::Net::TCPServerParams;
    params->setMaxThreads(mostConnections);
    params->setMaxQueued(mostConnections);
    return params;
}

} // namespace

class Relay::Impl {
public:
    explicit Impl(Parts const& parts) : server_(new Factory(parts), pool_, socket_, serverParams()) { server_.start(); }
    ~Impl() {
        server_.stop();
        pool_.joinAll();
    }
    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;

    std::string url() const { return "http://" + socket_.address().toString(); }

private:
    Poco::Net::ServerSocket socket_ = listen();
    Poco::ThreadPool pool_{2, mostConnections};
    Poco::Net::TCPServer server_;
};

Relay::Relay(FakeControlPlane& plane, FaultPlan& plan, Ledger& ledger)
    : impl_(std::make_unique<Impl>(Parts{plane, plan, ledger})) {}

Relay::~Relay() = default;

std::string Relay::url() const {
    return impl_->url();
}

} // namespace soak
