#include "clients/client.hpp"
#include "support/canned_provider.hpp"

#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

namespace httptest::bench {

namespace {

class RawClient final : public Client {
public:
    RawClient(Nginx const& server, bool tls) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(server.port(tls));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(descriptor_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0) {
            throw std::system_error(errno, std::generic_category(), "connecting to the server");
        }
        int const on = 1;
        ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (tls) {
            startTls(server);
        }
        request_ = "GET /reply HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port(tls)) +
                   "\r\nAccept: */*\r\nAuthorization: Bearer " + makeToken() + "\r\n\r\n";
    }

    ~RawClient() override { ::close(descriptor_); }
    RawClient(RawClient const&) = delete;
    RawClient& operator=(RawClient const&) = delete;

    void get() override {
        send();
        std::size_t size = 0;
        std::string_view reply;
        std::size_t headEnd = std::string_view::npos;
        do {
            size += receive(buffer_.data() + size, buffer_.size() - size);
            reply = {buffer_.data(), size};
            headEnd = reply.find("\r\n\r\n");
        } while (headEnd == std::string_view::npos || reply.size() < headEnd + 4 + replyBytes);
        check(reply.starts_with("HTTP/1.1 200 ") ? 200 : 0, reply.size() - headEnd - 4);
    }

private:
    struct Free {
        void operator()(SSL_CTX* context) const noexcept { ::SSL_CTX_free(context); }
        void operator()(SSL* ssl) const noexcept { ::SSL_free(ssl); }
    };

    void startTls(Nginx const& server) {
        context_.reset(::SSL_CTX_new(::TLS_client_method()));
        ::SSL_CTX_load_verify_file(context_.get(), server.caFile().c_str());
        ::SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
        ::SSL_CTX_set_read_ahead(context_.get(), 1);
        ssl_.reset(::SSL_new(context_.get()));
        ::SSL_set_fd(ssl_.get(), descriptor_);
        if (::SSL_connect(ssl_.get()) != 1) {
            throw std::runtime_error("the TLS handshake failed");
        }
    }

    void send() const {
        auto const size = static_cast<int>(request_.size());
        auto const sent = ssl_ ? ::SSL_write(ssl_.get(), request_.data(), size)
                               : static_cast<int>(::send(descriptor_, request_.data(), request_.size(), MSG_NOSIGNAL));
        if (sent != size) {
            throw std::runtime_error("the request could not be sent whole");
        }
    }

    std::size_t receive(char* to, std::size_t room) const {
        auto const got = ssl_ ? ::SSL_read(ssl_.get(), to, static_cast<int>(room)) : ::recv(descriptor_, to, room, 0);
        if (got <= 0) {
            throw std::runtime_error("the server closed the connection");
        }
        return static_cast<std::size_t>(got);
    }

    int descriptor_;
    std::unique_ptr<SSL_CTX, Free> context_;
    std::unique_ptr<SSL, Free> ssl_;
    std::string request_;
    std::array<char, 4096> buffer_{};
};

} // namespace

std::unique_ptr<Client> rawClient(Nginx const& server, bool tls) {
    return std::make_unique<RawClient>(server, tls);
}

} // namespace httptest::bench
