#include "http_text.hpp"

#include <httptest/error.hpp>
#include <httptest/testing/fault_server.hpp>
#include <httptest/testing/faults.hpp>
#include <httptest/testing/scripted_transport.hpp>
#include <httptest/testing/test_ca.hpp>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

namespace httptest::testing {

namespace {

/// Real time after which a test that waits for requests or connections is told that they will not come.
constexpr auto callersPatience = std::chrono::seconds(20);

/// What is to go wrong, in its order.
class Script {
public:
    static constexpr std::size_t always = Delivery::everything;

    void add(Fault fault, std::size_t requests, std::string pathPrefix) {
        entries_.push_back({std::move(fault), requests, std::move(pathPrefix)});
    }

    void clear() { entries_.clear(); }

    std::optional<Fault> takeFor(std::string_view path) {
        return take([&](Entry const& entry) { return path.starts_with(entry.pathPrefix); });
    }

    /// The first one, where it does not wait for a request.
    std::optional<Fault> takeForConnection() {
        if (entries_.empty() || !isForConnection(entries_.front().fault)) {
            return std::nullopt;
        }
        return take([](Entry const&) { return true; });
    }

private:
    struct Entry {
        Fault fault;
        std::size_t left;
        std::string pathPrefix;
    };

    static bool isForConnection(Fault const& fault) {
        Delivery probe;
        fault.applyTo(probe);
        return probe.reads == Reads::nothing;
    }

    template <class Condition>
    std::optional<Fault> take(Condition const& condition) {
        auto const found = std::find_if(entries_.begin(), entries_.end(), condition);
        if (found == entries_.end()) {
            return std::nullopt;
        }
        Fault fault = found->fault;
        if (found->left != always && --found->left == 0) {
            entries_.erase(found);
        }
        return fault;
    }

    std::deque<Entry> entries_;
};

/// The certificates that a server may show.
class Certificates {
public:
    explicit Certificates(FaultServerOptions const& options) {
        names_.commonName = "localhost";
        names_.dnsNames = options.names;
        names_.dnsNames.emplace_back("localhost");
        names_.ipAddresses = {"127.0.0.1", "::1"};
        good_ = ca_.issue(names_);
        spoilt_ = make(options.certificate);
    }

    std::string const& caPem() const noexcept { return ca_.certificatePem(); }
    CertificateAndKey const& good() const noexcept { return good_; }
    CertificateAndKey const& spoilt() const noexcept { return spoilt_; }

private:
    CertificateAndKey make(Certificate kind) const {
        LeafCertificate leaf = names_;
        switch (kind) {
        case Certificate::good: return good_;
        case Certificate::selfSigned: return TestCa::selfSigned(leaf);
        case Certificate::unknownCa: return TestCa("Unknown CA").issue(leaf);
        case Certificate::wrongHost:
            leaf.commonName = "another.example";
            leaf.dnsNames = {"another.example"};
            leaf.ipAddresses.clear();
            break;
        case Certificate::expired:
            leaf.notBefore = -std::chrono::hours(48);
            leaf.notAfter = -std::chrono::hours(24);
            break;
        case Certificate::notYetValid:
            leaf.notBefore = std::chrono::hours(24);
            leaf.notAfter = std::chrono::hours(48);
            break;
        }
        return ca_.issue(leaf);
    }

    TestCa ca_{"Fault Server CA"};
    LeafCertificate names_;
    CertificateAndKey good_;
    CertificateAndKey spoilt_;
};

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

    void add(Fault fault, std::size_t requests, std::string pathPrefix) {
        std::lock_guard const lock(mutex_);
        script_.add(std::move(fault), requests, std::move(pathPrefix));
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
        std::optional<Fault> fault;
        {
            std::lock_guard const lock(mutex_);
            fault = script_.takeForConnection();
        }
        if (options_.https && !options_.speaksTls && !healed()) {
            connection.readBytes(1);
            refuse(connection, "this is no HTTP");
        }
        if (options_.https) {
            startTls(connection);
        }
        if (fault) {
            Delivery delivery;
            fault->applyTo(delivery);
            deliver(connection, delivery, true);
        }
        for (;;) {
            answer(connection);
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
        auto const& shown = certificates_.spoilt();
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

    /// One request.
    void answer(StubConnection& connection) {
        auto const head = connection.readHead();
        Delivery delivery;
        ReceivedRequest one{connection.index(), {}, {}};
        try {
            one.request = parseHead(head, origin("127.0.0.1"));
            bodySize(one.request);
        } catch (InvalidRequest const& error) {
            refuse(connection, error.what());
        }
        Request& request = one.request;
        auto const fault = takeFor(request);
        Delivery plan;
        if (fault) {
            fault->applyTo(plan);
            one.fault = fault->name();
        }
        if (plan.reads == Reads::request) {
            request.body = connection.readBytes(bodySize(request));
        }
        bool const tunnel = request.method == "CONNECT";
        bool const isHead = request.method == "HEAD";
        delivery.reply = tunnel ? connectionEstablished() : respond(request);
        delivery.saysItsLength = !tunnel;
        bool const lastOne = isClose(request.headers);
        note(std::move(one));
        if (fault) {
            fault->applyTo(delivery);
        }
        if (delivery.afterwards == Afterwards::keep && (lastOne || isClose(delivery.reply.headers))) {
            delivery.afterwards = Afterwards::fin;
        }
        deliver(connection, delivery, !isHead);
        if (tunnel && !fault) {
            startGoodTls(connection);
        }
    }

    void refuse(StubConnection& connection, std::string why) {
        Delivery delivery;
        delivery.reply = reply(400, "text/plain", std::move(why));
        delivery.afterwards = Afterwards::fin;
        deliver(connection, delivery, true);
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
        for (std::size_t at = 0; at < text.size(); at += std::min(delivery.pieceSize, text.size())) {
            if (delivery.piecePause.count() > 0) {
                connection.pause(delivery.piecePause);
            }
            connection.send(text.substr(at, delivery.pieceSize));
        }
    }

    void end(StubConnection& connection, Afterwards afterwards) {
        switch (afterwards) {
        case Afterwards::keep: return;
        case Afterwards::hang: connection.waitForClose();
        case Afterwards::fin:
            connection.endSending();
            countEnded();
            connection.close();
        case Afterwards::cut: countEnded(); connection.cut();
        case Afterwards::reset: break;
        }
        try {
            connection.reset();
        } catch (...) { // how a connection ends its handler
            countEnded();
            throw;
        }
    }

    void countEnded() {
        std::lock_guard const lock(mutex_);
        ++ended_;
        changed_.notify_all();
    }

    Responder const healthy_;
    FaultServerOptions const options_;
    Certificates const certificates_;
    mutable std::mutex mutex_; // guards everything below, to the stub
    mutable std::condition_variable changed_;
    Script script_;
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
    impl_->add(std::move(fault), requests, std::move(pathPrefix));
    return *this;
}

FaultServer& FaultServer::always(Fault fault, std::string pathPrefix) {
    return next(std::move(fault), Script::always, std::move(pathPrefix));
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
