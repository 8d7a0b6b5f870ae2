#include "http_server.hpp"

#include "open_connections.hpp"
#include "server_context.hpp"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerConnection.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/ThreadPool.h>
#include <Poco/Timestamp.h>
#include <Poco/URI.h>

#include <array>
#include <optional>
#include <thread>
#include <utility>

namespace runai::testing {

namespace {

using Handler = std::function<Reply(Request)>;

constexpr std::size_t maxBodyBytes = std::size_t{1} << 20;
/// A test run of hundreds of processes keeps a connection each, and each holds a thread.
constexpr int maxConnections = 1024;

/// Nothing when the body is larger than the limit.
std::optional<std::string> readBody(Poco::Net::HTTPServerRequest& request) {
    // Without either of them there is no body, but Poco would read until the client closes.
    if (!request.hasContentLength() && !request.getChunkedTransferEncoding()) {
        return std::string();
    }
    std::string body;
    std::array<char, 8192> buffer{};
    auto& stream = request.stream();
    while (stream.read(buffer.data(), buffer.size()) || stream.gcount() > 0) {
        body.append(buffer.data(), static_cast<std::size_t>(stream.gcount()));
        if (body.size() > maxBodyBytes) {
            return std::nullopt;
        }
    }
    return body;
}

Request toRequest(Poco::Net::HTTPServerRequest const& request, std::string body) {
    Poco::URI const uri(request.getURI());
    return {
        .method = request.getMethod(),
        .path = uri.getPath(),
        .query = uri.getQueryParameters(),
        .headers = {request.begin(), request.end()},
        .body = std::move(body),
    };
}

Reply answer(Poco::Net::HTTPServerRequest& request, Handler const& handler) {
    try {
        auto body = readBody(request);
        return body ? handler(toRequest(request, *std::move(body))) : apiError(413, "The body is larger than 1 MiB.");
    } catch (Poco::SyntaxException const&) {
        return apiError(400, "The URL is malformed.");
    } catch (Poco::Exception const& error) {
        return apiError(500, "The fake control plane failed: " + error.displayText());
    } catch (std::exception const& error) {
        return apiError(500, std::string("The fake control plane failed: ") + error.what());
    }
}

class ReplyingHandler : public Poco::Net::HTTPRequestHandler {
public:
    ReplyingHandler(Handler const& handler, ServerClock const& clock) : handler_(handler), clock_(clock) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) override {
        auto const reply = answer(request, handler_);
        auto const status = static_cast<Poco::Net::HTTPResponse::HTTPStatus>(reply.status);
        response.setStatusAndReason(status);
        response.setDate(Poco::Timestamp::fromEpochTime(std::chrono::system_clock::to_time_t(clock_.now())));
        for (auto const& [name, value] : reply.headers) {
            response.add(name, value);
        }
        if (status == Poco::Net::HTTPResponse::HTTP_REQUEST_ENTITY_TOO_LARGE) {
            response.setKeepAlive(false); // the rest of the body is still on the connection
        }
        if (reply.status == 204 || reply.status == 304) {
            response.send();
        } else {
            response.sendBuffer(reply.body.data(), reply.body.size());
        }
    }

private:
    Handler const& handler_;
    ServerClock const& clock_;
};

class HandlerFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    HandlerFactory(Handler const& handler, ServerClock const& clock) : handler_(handler), clock_(clock) {}

    Poco::Net::HTTPRequestHandler* createRequestHandler(Poco::Net::HTTPServerRequest const&) override {
        return std::make_unique<ReplyingHandler>(handler_, clock_).release();
    }

private:
    Handler const& handler_;
    ServerClock const& clock_;
};

class Connection : public Poco::Net::HTTPServerConnection {
public:
    Connection(Poco::Net::StreamSocket const& socket, Poco::Net::HTTPServerParams::Ptr params,
               Poco::Net::HTTPRequestHandlerFactory::Ptr handlers, OpenConnections& open)
        : HTTPServerConnection(socket, std::move(params), std::move(handlers)),
          open_(open) {}

    void run() override {
        OpenConnections::Entry const entry(open_, socket().impl()->sockfd());
        HTTPServerConnection::run();
    }

private:
    OpenConnections& open_;
};

class ConnectionFactory : public Poco::Net::TCPServerConnectionFactory {
public:
    ConnectionFactory(Poco::Net::HTTPServerParams::Ptr params, Poco::Net::HTTPRequestHandlerFactory::Ptr handlers,
                      OpenConnections& open)
        : params_(std::move(params)),
          handlers_(std::move(handlers)),
          open_(open) {}

    Poco::Net::TCPServerConnection* createConnection(Poco::Net::StreamSocket const& socket) override {
        return std::make_unique<Connection>(socket, params_, handlers_, open_).release();
    }

private:
    Poco::Net::HTTPServerParams::Ptr params_;
    Poco::Net::HTTPRequestHandlerFactory::Ptr handlers_;
    OpenConnections& open_;
};

Poco::Net::ServerSocket listen(std::uint16_t port, ServerCertificate const* certificate) {
    auto socket =
        certificate == nullptr ? Poco::Net::ServerSocket() : Poco::Net::SecureServerSocket(serverContext(*certificate));
    // The constructors that bind set SO_REUSEPORT: two servers would share a port in silence.
    socket.bind(Poco::Net::SocketAddress("127.0.0.1", port), true, false);
    socket.listen(maxConnections);
    return socket;
}

Poco::Net::HTTPServerParams::Ptr serverParams() {
    Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    params->setMaxThreads(maxConnections);
    params->setMaxQueued(maxConnections);
    // A stopping server waits for threads that have just become idle.
    params->setThreadIdleTime(Poco::Timespan(0, 100'000));
    return params;
}

} // namespace

/// Poco's TCPServer with Poco's HTTP connections, not its HTTPServer: that one cannot end connections without touching
/// their SSL objects from another thread.
class HttpServer::Impl {
public:
    Impl(std::uint16_t port, ServerCertificate const* certificate, ServerClock const& clock)
        : clock_(clock),
          socket_(listen(port, certificate)) {}

    ~Impl() { stop(); }

    std::uint16_t port() const { return socket_.address().port(); }

    void start(Handler handler) {
        handler_ = std::move(handler);
        auto const params = serverParams();
        server_ = std::make_unique<Poco::Net::TCPServer>(
            new ConnectionFactory(params, new HandlerFactory(handler_, clock_), open_), pool_, socket_, params);
        server_->start();
    }

    void stop() {
        if (!server_) {
            return;
        }
        {
            // The accepting thread looks up only every 250 ms, or when somebody connects.
            std::jthread const wake([address = socket_.address()](std::stop_token const& stopped) {
                while (!stopped.stop_requested()) {
                    std::this_thread::sleep_for(std::chrono::milliseconds(1));
                    Poco::Net::StreamSocket knock;
                    try {
                        knock.connectNB(address);
                    } catch (Poco::Exception const&) {
                        return;
                    }
                }
            });
            server_->stop();
        }
        open_.endAll();
        pool_.joinAll();
        server_.reset();
    }

private:
    ServerClock const& clock_;
    Poco::Net::ServerSocket socket_;
    Handler handler_;
    OpenConnections open_;
    Poco::ThreadPool pool_{1, maxConnections};
    std::unique_ptr<Poco::Net::TCPServer> server_;
};

HttpServer::HttpServer(std::uint16_t port, ServerCertificate const* certificate, ServerClock const& clock)
    : impl_(std::make_unique<Impl>(port, certificate, clock)) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
    return impl_->port();
}

void HttpServer::start(std::function<Reply(Request)> handler) {
    impl_->start(std::move(handler));
}

void HttpServer::stop() {
    impl_->stop();
}

} // namespace runai::testing
