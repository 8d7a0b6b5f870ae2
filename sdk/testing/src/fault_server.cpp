#include "fault_certificates.hpp"
#include "fault_script.hpp"
#include "http_text.hpp"

#include <httptest/error.hpp>
#include <httptest/testing/fault_server.hpp>
#include <httptest/testing/scripted_transport.hpp>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

namespace httptest::testing {

namespace {

/// Real time after which a test that waits for requests or connections is told that they will not come.
constexpr auto callersPatience = std::chrono::seconds(20);

bool isClose(Headers const& headers) {
    auto const* const connection = headers.find("Connection");
    return connection != nullptr && equalsIgnoringCase(*connection, "close");
}

} // namespace

class FaultServer::Impl {
public:
    Impl(Responder healthy, FaultServerOptions options)
        : healthy_(std::move(healthy)),
          options_(std::move(options)),
          certificates_(options_),
          stub_([this](StubConnection& connection) { serve(connection); }, {.door = options_.door}) {}

    ~Impl() {
        std::lock_guard const lock(mutex_);
        stopped_ = true;
        changed_.notify_all();
    }

    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;

    void next(Fault fault, std::size_t requests, std::string pathPrefix) {
        std::lock_guard const lock(mutex_);
        script_.addForNext(std::move(fault), requests, std::move(pathPrefix));
    }

    void always(Fault fault, std::string pathPrefix) {
        std::lock_guard const lock(mutex_);
        script_.addForAll(std::move(fault), std::move(pathPrefix));
    }

    void heal() {
        {
            std::lock_guard const lock(mutex_);
            script_.clear();
            healed_ = true;
            changed_.notify_all();
        }
        stub_.open();
    }

    std::uint16_t port() const noexcept { return stub_.port(); }

    Origin origin(std::string_view host) const {
        return {options_.https ? "https" : "http", std::string(host), stub_.port()};
    }

    std::string const& caPem() const noexcept { return certificates_.caPem(); }

    std::vector<ReceivedRequest> received() const {
        std::lock_guard const lock(mutex_);
        return received_;
    }

    std::size_t requestCount(std::string_view method) const {
        std::lock_guard const lock(mutex_);
        auto const counts = [&](ReceivedRequest const& one) { return method.empty() || one.request.method == method; };
        return static_cast<std::size_t>(std::count_if(received_.begin(), received_.end(), counts));
    }

    std::size_t connectionCount() const { return stub_.connections(); }

    void waitForRequests(std::size_t count) const {
        await("requests", count, [this] { return received_.size(); });
    }

    void waitForConnections(std::size_t count) const { stub_.waitForConnections(count); }

    void waitForEnded(std::size_t count) const {
        await("connections that it ended", count, [this] { return ended_; });
    }

private:
    /// A connection among those that the server has at once.
    class Turn {
    public:
        explicit Turn(Impl& server) : server_(server) {}
        ~Turn() {
            std::lock_guard const lock(server_.mutex_);
            --server_.served_;
            server_.changed_.notify_all();
        }
        Turn(Turn const&) = delete;
        Turn& operator=(Turn const&) = delete;

    private:
        Impl& server_;
    };

    template <class Count>
    void await(char const* what, std::size_t count, Count const& current) const {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, callersPatience, [&] { return current() >= count; })) {
            throw std::runtime_error("fault server: only " + std::to_string(current()) + " of " +
                                     std::to_string(count) + ' ' + what + " after 20 s");
        }
    }

    void serve(StubConnection& connection) {
        waitForTurn(connection);
        Turn const turn(*this);
        if (options_.https) {
            startTls(connection);
        }
        try {
            spoilConnection(connection);
            for (;;) {
                answer(connection);
            }
        } catch (std::exception const& error) { // a fault's
            refuse(connection, std::string("the fault threw: ") + error.what(), 500);
        }
    }

    /// Counts the connection as served from now on, or ends it.
    void waitForTurn(StubConnection& connection) {
        std::unique_lock lock(mutex_);
        auto const free = [this] {
            return healed_ || options_.mostConnections == 0 || served_ < options_.mostConnections;
        };
        if (!free() && options_.closesSurplusOnes) {
            lock.unlock();
            connection.close();
        }
        changed_.wait(lock, [&] { return stopped_ || free(); });
        ++served_;
    }

    bool healed() const {
        std::lock_guard const lock(mutex_);
        return healed_;
    }

    void startTls(StubConnection& connection) {
        if (healed()) {
            return startGoodTls(connection);
        }
        if (!options_.speaksTls) {
            connection.readBytes(1);
            refuse(connection, "this is no HTTP");
        }
        auto const& shown = certificates_.configured();
        connection.startTls({.certificatePem = shown.certificatePem,
                             .privateKeyPem = shown.privateKeyPem,
                             .handshakeDelay = options_.handshakeDelay,
                             .answerHandshake = options_.answersHandshake,
                             .onlyTls11 = options_.onlyTls11});
    }

    void startGoodTls(StubConnection& connection) {
        auto const& shown = certificates_.good();
        connection.startTls({.certificatePem = shown.certificatePem, .privateKeyPem = shown.privateKeyPem});
    }

    /// Where the script says so before there is a request.
    void spoilConnection(StubConnection& connection) {
        std::unique_lock lock(mutex_);
        auto const fault = script_.takeForConnection();
        lock.unlock();
        if (fault) {
            Delivery delivery;
            fault->applyTo(delivery);
            deliver(connection, delivery, true);
        }
    }

    /// One request.
    void answer(StubConnection& connection) {
        ReceivedRequest one{connection.index(), readHead(connection), {}};
        auto const fault = takeFor(one.request);
        if (!fault || readsBody(*fault)) {
            one.request.body = connection.readBytes(bodySize(one.request));
        }
        one.fault = fault ? fault->name() : "";
        note(one);
        auto const delivery = deliveryFor(one.request, fault);
        deliver(connection, delivery, one.request.method != "HEAD");
        if (one.request.method == "CONNECT" && delivery.reply.status / 100 == 2 && !delivery.bytes) {
            startGoodTls(connection);
        }
    }

    Request readHead(StubConnection& connection) {
        auto const head = connection.readHead();
        try {
            auto request = parseHead(head, origin("127.0.0.1"));
            bodySize(request);
            return request;
        } catch (InvalidRequest const& error) {
            refuse(connection, error.what());
        }
    }

    static bool readsBody(Fault const& fault) {
        Delivery plan;
        fault.applyTo(plan);
        return plan.reads == Delivery::Reads::request;
    }

    Delivery deliveryFor(Request const& request, std::optional<Fault> const& fault) const {
        bool const tunnel = request.method == "CONNECT";
        Delivery delivery;
        delivery.reply = tunnel ? connectionEstablished() : respond(request);
        delivery.saysItsLength = !tunnel;
        if (fault) {
            fault->applyTo(delivery);
        }
        bool const last = isClose(request.headers) || isClose(delivery.reply.headers);
        if (last && delivery.afterwards == Delivery::Afterwards::keep) {
            delivery.afterwards = Delivery::Afterwards::fin;
        }
        return delivery;
    }

    [[noreturn]] void refuse(StubConnection& connection, std::string why, int status = 400) {
        Delivery delivery;
        delivery.reply = reply(status, "text/plain", std::move(why));
        connection.send(delivery.text());
        endInOrder(connection);
    }

    std::optional<Fault> takeFor(Request const& request) {
        std::lock_guard const lock(mutex_);
        return script_.takeFor(request.url.target);
    }

    void note(ReceivedRequest one) {
        std::lock_guard const lock(mutex_);
        received_.push_back(std::move(one));
        changed_.notify_all();
    }

    static Response connectionEstablished() {
        Response reply;
        reply.status = 200;
        reply.reason = "Connection established";
        return reply;
    }

    Response respond(Request const& request) const {
        try {
            return healthy_(request);
        } catch (std::exception const& error) {
            return reply(500, "text/plain", std::string("the fault server's responder threw: ") + error.what());
        }
    }

    void deliver(StubConnection& connection, Delivery const& delivery, bool body) {
        connection.pause(delivery.latency);
        auto const text = delivery.text(body);
        send(connection, delivery, text);
        auto left = delivery.limit - std::min(delivery.limit, text.size());
        while (!delivery.endlessly.empty() && left > 0) {
            auto const piece = std::string_view(delivery.endlessly).substr(0, left);
            send(connection, delivery, piece);
            left -= delivery.limit == Delivery::everything ? 0 : piece.size();
        }
        end(connection, delivery.afterwards);
    }

    static void send(StubConnection& connection, Delivery const& delivery, std::string_view text) {
        auto const size = std::clamp<std::size_t>(delivery.pieceSize, 1, std::max<std::size_t>(text.size(), 1));
        for (std::size_t at = 0; at < text.size(); at += size) {
            if (delivery.piecePause.count() > 0) {
                connection.pause(delivery.piecePause);
            }
            connection.send(text.substr(at, size));
        }
    }

    void end(StubConnection& connection, Delivery::Afterwards afterwards) {
        switch (afterwards) {
        case Delivery::Afterwards::keep: return;
        case Delivery::Afterwards::hang: connection.waitForClose();
        case Delivery::Afterwards::fin: endInOrder(connection);
        case Delivery::Afterwards::cut:
            connection.cutSending();
            countEnded();
            connection.waitForClose();
        case Delivery::Afterwards::reset: break;
        }
        try {
            connection.reset();
        } catch (...) { // how a connection ends its handler
            countEnded();
            throw;
        }
    }

    [[noreturn]] void endInOrder(StubConnection& connection) {
        connection.endSending();
        countEnded();
        connection.close();
    }

    void countEnded() {
        std::lock_guard const lock(mutex_);
        ++ended_;
        changed_.notify_all();
    }

    Responder const healthy_;
    FaultServerOptions const options_;
    FaultCertificates const certificates_;
    mutable std::mutex mutex_; // guards everything below, to the stub
    mutable std::condition_variable changed_;
    FaultScript script_;
    std::vector<ReceivedRequest> received_;
    std::size_t served_ = 0;
    std::size_t ended_ = 0;
    bool healed_ = false;
    bool stopped_ = false;
    StubServer stub_; // its threads use all of the above
};

FaultServer::FaultServer(FaultServerOptions options)
    : FaultServer([](Request const&) { return jsonReply(200, R"({"ok":true})"); }, std::move(options)) {}

FaultServer::FaultServer(Responder healthy, FaultServerOptions options)
    : impl_(std::make_unique<Impl>(std::move(healthy), std::move(options))) {}

FaultServer::~FaultServer() = default;

FaultServer& FaultServer::next(Fault fault, std::size_t requests, std::string pathPrefix) {
    impl_->next(std::move(fault), requests, std::move(pathPrefix));
    return *this;
}

FaultServer& FaultServer::always(Fault fault, std::string pathPrefix) {
    impl_->always(std::move(fault), std::move(pathPrefix));
    return *this;
}

void FaultServer::heal() {
    impl_->heal();
}

std::uint16_t FaultServer::port() const noexcept {
    return impl_->port();
}

std::string FaultServer::url(std::string_view path, std::string_view host) const {
    return impl_->origin(host).text() + std::string(path);
}

std::string const& FaultServer::caCertificatePem() const noexcept {
    return impl_->caPem();
}

std::vector<ReceivedRequest> FaultServer::received() const {
    return impl_->received();
}

std::size_t FaultServer::requestCount(std::string_view method) const {
    return impl_->requestCount(method);
}

std::size_t FaultServer::connectionCount() const {
    return impl_->connectionCount();
}

void FaultServer::waitForRequests(std::size_t count) const {
    impl_->waitForRequests(count);
}

void FaultServer::waitForConnections(std::size_t count) const {
    impl_->waitForConnections(count);
}

void FaultServer::waitForEndedConnections(std::size_t count) const {
    impl_->waitForEnded(count);
}

} // namespace httptest::testing
