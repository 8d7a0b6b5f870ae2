#include "descriptor.hpp"
#include "free_with.hpp"

#include <httptest/testing/stub_server.hpp>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <list>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace httptest::testing {

namespace {

using Context = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, FreeWith<SSL_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Input = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;

/// The client has gone or the server stops: the handler is over.
struct Over {};

[[noreturn]] void fail(char const* what) {
    throw std::system_error(errno, std::generic_category(), std::string("stub server: ") + what);
}

Input input(std::string const& pem) {
    return Input(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Certificate certificate(std::string const& pem) {
    Certificate result(PEM_read_bio_X509(input(pem).get(), nullptr, nullptr, nullptr));
    if (!result) {
        throw std::runtime_error("stub server: no certificate in the PEM text");
    }
    return result;
}

Context makeContext(StubTls const& tls) {
    Context context(SSL_CTX_new(TLS_server_method()));
    auto const leaf = certificate(tls.certificatePem);
    Key const key(PEM_read_bio_PrivateKey(input(tls.privateKeyPem).get(), nullptr, nullptr, nullptr));
    if (!key || SSL_CTX_use_certificate(context.get(), leaf.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
        throw std::runtime_error("stub server: the certificate and the key do not belong together");
    }
    if (tls.onlyTls11) {
        SSL_CTX_set_security_level(context.get(), 0);
        SSL_CTX_set_min_proto_version(context.get(), TLS1_1_VERSION);
        SSL_CTX_set_max_proto_version(context.get(), TLS1_1_VERSION);
    }
    if (tls.onlyTls12) {
        SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
    }
    if (!tls.clientCaPem.empty()) {
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), certificate(tls.clientCaPem).get());
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
    static constexpr std::array<unsigned char, 4> id{'s', 't', 'u', 'b'};
    SSL_CTX_set_session_id_context(context.get(), id.data(), id.size());
    return context;
}

std::size_t bodySize(std::string_view head) {
    std::string lower(head);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    constexpr std::string_view key = "\r\ncontent-length:";
    auto const at = lower.find(key);
    return at == std::string::npos ? 0 : std::stoul(lower.substr(at + key.size()));
}

/// What the connections of one server share with it.
class Board {
public:
    void count(StubRequest request) {
        std::lock_guard const lock(mutex_);
        requests_.push_back(std::move(request));
        changed_.notify_all();
    }
    std::size_t countConnection() {
        std::lock_guard const lock(mutex_);
        changed_.notify_all();
        return connections_++;
    }
    std::size_t connections() const {
        std::lock_guard const lock(mutex_);
        return connections_;
    }
    std::vector<StubRequest> requests() const {
        std::lock_guard const lock(mutex_);
        return requests_;
    }
    void release() {
        std::lock_guard const lock(mutex_);
        ++releases_;
        changed_.notify_all();
    }
    void stop() {
        std::lock_guard const lock(mutex_);
        stopped_ = true;
        changed_.notify_all();
    }
    void pause(std::chrono::milliseconds duration) {
        std::unique_lock lock(mutex_);
        if (changed_.wait_for(lock, duration, [this] { return stopped_; })) {
            throw Over{};
        }
    }
    void waitForRelease() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopped_ || releases_ > 0; });
        if (stopped_) {
            throw Over{};
        }
        --releases_;
    }
    template <class Condition>
    void await(char const* what, Condition condition) const {
        constexpr std::chrono::seconds patience{20};
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, patience, [&] { return condition(*this); })) {
            throw std::runtime_error(std::string("stub server: waited 20 s in vain for ") + what);
        }
    }
    void awaitRequests(std::size_t count) const {
        await("a request", [count](Board const& board) { return board.requests_.size() >= count; });
    }
    void awaitConnections(std::size_t count) const {
        await("a connection", [count](Board const& board) { return board.connections_ >= count; });
    }

private:
    mutable std::mutex mutex_; // guards everything below
    mutable std::condition_variable changed_;
    std::vector<StubRequest> requests_;
    std::size_t connections_ = 0;
    std::size_t releases_ = 0;
    bool stopped_ = false;
};

} // namespace

struct StubConnection::Impl {
    Impl(int socket, std::size_t number, Board& shared) : index(number), board(shared), descriptor(socket) {}
    ~Impl() { closeDescriptor(); }
    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;

    std::size_t const index;
    Board& board;
    Session session;
    std::string unread;

    void handshake(SSL_CTX* context, StubTls const& tls) {
        if (!tls.answerHandshake) {
            drain();
            throw Over{};
        }
        if (tls.handshakeDelay.count() > 0) {
            board.pause(tls.handshakeDelay);
        }
        session.reset(SSL_new(context));
        SSL_set_fd(session.get(), descriptor);
        if (SSL_accept(session.get()) != 1) {
            closeOrderly(); // or a reset would overtake the alert that says why
            throw Over{};
        }
    }

    void receive() {
        std::array<char, std::size_t{16} * 1024> buffer;
        auto const count = session ? SSL_read(session.get(), buffer.data(), static_cast<int>(buffer.size()))
                                   : static_cast<int>(::recv(descriptor, buffer.data(), buffer.size(), 0));
        if (count <= 0) {
            throw Over{};
        }
        unread.append(buffer.data(), static_cast<std::size_t>(count));
    }

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            auto const count = session ? SSL_write(session.get(), bytes.data(), static_cast<int>(bytes.size()))
                                       : static_cast<int>(::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL));
            if (count <= 0) {
                throw Over{};
            }
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }

    std::string readHead() {
        constexpr std::string_view end = "\r\n\r\n";
        auto at = unread.find(end);
        for (; at == std::string::npos; at = unread.find(end)) {
            receive();
        }
        return take(at + end.size());
    }

    std::string take(std::size_t count) {
        while (unread.size() < count) {
            receive();
        }
        auto result = unread.substr(0, count);
        unread.erase(0, count);
        return result;
    }

    /// Reads the bare socket until the client closes it.
    void drain() {
        std::array<char, 4096> buffer;
        while (::recv(descriptor, buffer.data(), buffer.size(), 0) > 0) {
        }
    }

    void shutDown() {
        std::lock_guard const lock(mutex_);
        if (descriptor >= 0) {
            ::shutdown(descriptor, SHUT_RDWR);
        }
    }

    void closeDescriptor() {
        std::lock_guard const lock(mutex_);
        if (descriptor >= 0) {
            ::close(std::exchange(descriptor, -1));
        }
    }

    bool endSending() {
        if (session) {
            SSL_shutdown(session.get());
        }
        return ::shutdown(descriptor, SHUT_WR) == 0;
    }

    /// Half closed and read out first: closing with unread bytes would reset the connection.
    void closeOrderly() {
        if (endSending()) {
            drain();
        }
        closeDescriptor();
    }

    int descriptor; // changed by the connection's thread alone, under the mutex

private:
    std::mutex mutex_; // guards the closing of `descriptor` against shutDown()
};

std::size_t StubConnection::index() const noexcept {
    return impl_->index;
}

std::string StubConnection::readHead() {
    auto head = impl_->readHead();
    impl_->board.count({impl_->index, head});
    return head;
}

std::string StubConnection::readRequest() {
    auto request = impl_->readHead();
    request += impl_->take(bodySize(request));
    impl_->board.count({impl_->index, request});
    return request;
}

std::string StubConnection::readBytes(std::size_t count) {
    return impl_->take(count);
}

void StubConnection::send(std::string_view bytes) {
    impl_->send(bytes);
}

void StubConnection::drip(std::string_view bytes, std::chrono::milliseconds pause) {
    for (char const byte : bytes) {
        impl_->board.pause(pause);
        impl_->send({&byte, 1});
    }
}

void StubConnection::pause(std::chrono::milliseconds duration) {
    impl_->board.pause(duration);
}

void StubConnection::startTls(StubTls const& tls) {
    auto const context = makeContext(tls);
    impl_->handshake(context.get(), tls);
}

void StubConnection::waitForRelease() {
    impl_->board.waitForRelease();
}

void StubConnection::waitForClose() {
    impl_->drain();
    throw Over{};
}

void StubConnection::endSending() {
    impl_->endSending();
}

void StubConnection::close() {
    impl_->closeOrderly();
    throw Over{};
}

void StubConnection::cut() {
    ::shutdown(impl_->descriptor, SHUT_WR);
    impl_->drain();
    impl_->closeDescriptor();
    throw Over{};
}

void StubConnection::reset() {
    linger const abort{1, 0};
    ::setsockopt(impl_->descriptor, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
    impl_->closeDescriptor();
    throw Over{};
}

class StubServer::Impl {
public:
    Impl(Handler handler, StubOptions options) : handler_(std::move(handler)), options_(std::move(options)) {
        if (options_.tls) {
            context_ = makeContext(*options_.tls);
        }
        bind();
        if (options_.door == Door::open) {
            open();
        } else if (options_.door == Door::blackhole) {
            fillQueue();
        }
    }

    ~Impl() {
        board.stop();
        ::shutdown(listener_.get(), SHUT_RDWR);
        if (acceptor_.joinable()) {
            acceptor_.join();
        }
        for (auto& served : served_) {
            served.connection.shutDown();
        }
        for (auto& served : served_) {
            served.thread.join();
        }
    }

    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;

    Board board;

    std::uint16_t port() const noexcept { return port_; }

    std::string url(std::string_view path, std::string_view host) const {
        std::string text = options_.tls ? "https://" : "http://";
        bool const brackets = host.empty() && options_.address.find(':') != std::string::npos;
        text += brackets ? "[" + options_.address + "]" : std::string(host.empty() ? options_.address : host);
        return text + ':' + std::to_string(port_) + std::string(path);
    }

    void open() {
        if (acceptor_.joinable()) {
            return;
        }
        listen(SOMAXCONN);
        emptyQueue();
        acceptor_ = std::thread([this] { accept(); });
    }

private:
    struct Served {
        Served(int socket, std::size_t index, Board& shared) : connection(socket, index, shared) {}
        StubConnection::Impl connection;
        std::thread thread;
    };

    /// A bound socket that does not listen keeps its port, and refuses connections.
    void bind() {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(options_.port);
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(options_.port);
        bool const ipv6 = ::inet_pton(AF_INET6, options_.address.c_str(), &v6.sin6_addr) == 1;
        if (!ipv6 && ::inet_pton(AF_INET, options_.address.c_str(), &v4.sin_addr) != 1) {
            throw std::runtime_error("stub server: '" + options_.address + "' is no address");
        }
        auto* const address = ipv6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
        socklen_t size = ipv6 ? sizeof v6 : sizeof v4;
        listener_ = newSocket(address->sa_family, 0);
        if (::bind(listener_.get(), address, size) != 0 || ::getsockname(listener_.get(), address, &size) != 0) {
            fail("cannot bind to loopback");
        }
        port_ = ntohs(ipv6 ? v6.sin6_port : v4.sin_port);
        std::memcpy(&bound_, address, size);
        boundSize_ = size;
    }

    static Descriptor newSocket(int family, int flags) {
        Descriptor result(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
        if (result.get() < 0) {
            fail("cannot make a socket");
        }
        return result;
    }

    void listen(int backlog) {
        if (::listen(listener_.get(), backlog) != 0) {
            fail("cannot listen on loopback");
        }
    }

    /// Connects to itself until nobody is let in any more: what comes later is not answered.
    void fillQueue() {
        listen(0);
        for (bool full = false; !full;) {
            auto const& waiting = queue_.emplace_back(newSocket(bound_.ss_family, SOCK_NONBLOCK));
            static_cast<void>(::connect(waiting.get(), reinterpret_cast<sockaddr const*>(&bound_), boundSize_));
            pollfd client{waiting.get(), POLLOUT, 0};
            constexpr int settledAfterMs = 100; // loopback connects at once, or not at all
            full = ::poll(&client, 1, settledAfterMs) == 0;
        }
    }

    /// Takes off the queue what fillQueue() put there, so that it is not counted.
    void emptyQueue() {
        if (queue_.empty()) {
            return;
        }
        for (std::size_t own = queue_.size() - 1; own > 0; --own) { // the last was not let in
            Descriptor const taken(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        }
        queue_.clear();
    }

    void accept() {
        for (;;) {
            int const socket = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) {
                if (errno == EINTR || errno == ECONNABORTED) {
                    continue;
                }
                return;
            }
            int const on = 1;
            ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            auto& served = served_.emplace_back(socket, board.countConnection(), board);
            served.thread = std::thread([this, &served] { serve(served.connection); });
        }
    }

    void serve(StubConnection::Impl& connection) {
        sigset_t pipe;
        ::sigemptyset(&pipe);
        ::sigaddset(&pipe, SIGPIPE); // OpenSSL writes without MSG_NOSIGNAL
        ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
        try {
            if (options_.tls) {
                connection.handshake(context_.get(), *options_.tls);
            }
            StubConnection handle(connection);
            handler_(handle);
            connection.closeOrderly();
        } catch (Over const&) {
        }
        connection.session.reset();
        connection.closeDescriptor();
    }

    Handler handler_;
    StubOptions options_;
    Context context_;
    Descriptor listener_;
    std::uint16_t port_ = 0;
    sockaddr_storage bound_{};
    socklen_t boundSize_ = 0;
    std::vector<Descriptor> queue_; // clients that fill it, before a blackhole
    std::list<Served> served_;      // grown by the acceptor alone, read by others after it has ended
    std::thread acceptor_;
};

StubServer::StubServer(Handler handler, StubOptions options)
    : impl_(std::make_unique<Impl>(std::move(handler), std::move(options))) {}

StubServer::~StubServer() = default;

std::uint16_t StubServer::port() const noexcept {
    return impl_->port();
}

std::string StubServer::url(std::string_view path, std::string_view host) const {
    return impl_->url(path, host);
}

std::size_t StubServer::connections() const {
    return impl_->board.connections();
}

std::vector<StubRequest> StubServer::requests() const {
    return impl_->board.requests();
}

void StubServer::waitForRequests(std::size_t count) const {
    impl_->board.awaitRequests(count);
}

void StubServer::waitForConnections(std::size_t count) const {
    impl_->board.awaitConnections(count);
}

void StubServer::release() {
    impl_->board.release();
}

void StubServer::open() {
    impl_->open();
}

} // namespace httptest::testing
