#include "support/nginx.hpp"

#include <httptest/testing/test_ca.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace httptest::bench {

namespace {

/// A listening socket on a free loopback port. nginx inherits it, so that nobody else can take the port meanwhile and
/// a client that connects before nginx is up merely waits.
class Listener {
public:
    Listener() : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        if (descriptor_ < 0 || ::bind(descriptor_, generic, size) != 0 || ::listen(descriptor_, 511) != 0 ||
            ::getsockname(descriptor_, generic, &size) != 0) {
            throw std::system_error(errno, std::generic_category(), "listening on loopback");
        }
        port_ = ntohs(address.sin_port);
    }
    ~Listener() { ::close(descriptor_); }
    Listener(Listener const&) = delete;
    Listener& operator=(Listener const&) = delete;

    int descriptor() const noexcept { return descriptor_; }
    std::uint16_t port() const noexcept { return port_; }

private:
    int descriptor_;
    std::uint16_t port_ = 0;
};

std::string server(std::uint16_t port, std::string const& more) {
    std::string const token = R"({"access_token":")" + std::string(tokenBytes, 't') + R"(","expires_in":3600})";
    return "  server {\n    listen 127.0.0.1:" + std::to_string(port) + more +
           "\n    location = /reply { return 200 '" + std::string(replyBytes, 'x') +
           "'; }\n    location = /api/v2/token { return 200 '" + token + "'; }\n  }\n";
}

std::string configuration(std::string const& folder, std::uint16_t plainPort, std::uint16_t tlsPort) {
    std::string text = "daemon off;\nworker_processes 1;\npid " + folder + "/pid;\nerror_log " + folder +
                       "/error.log;\nevents { worker_connections 512; }\nhttp {\n  access_log off;\n"
                       "  default_type application/json;\n  keepalive_requests 1000000000;\n  keepalive_timeout 1h;\n"
                       "  client_header_buffer_size 4k;\n";
    for (char const* const kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
        text.append("  ").append(kind).append("_temp_path ").append(folder).append("/").append(kind).append(";\n");
    }
    text += server(plainPort, ";");
    text += server(tlsPort, " ssl;\n    ssl_certificate " + folder + "/server.pem;\n    ssl_certificate_key " + folder +
                                "/server.key;\n    ssl_protocols TLSv1.2 TLSv1.3;");
    return text + "}\n";
}

} // namespace

Nginx::Nginx() {
    testing::TestCa const ca("httptest benchmark CA");
    testing::LeafCertificate leaf;
    leaf.dnsNames = {"localhost", "*.bench.test"};
    leaf.ipAddresses = {"127.0.0.1"};
    testing::CertificateAndKey const issued = ca.issue(leaf);
    caFile_ = folder_.write("ca.pem", ca.certificatePem());
    folder_.write("server.pem", issued.certificatePem);
    folder_.write("server.key", issued.privateKeyPem);

    Listener const plain;
    Listener const tls;
    plainPort_ = plain.port();
    tlsPort_ = tls.port();
    std::string const folder = folder_.path();
    std::string const file = folder_.write("nginx.conf", configuration(folder, plainPort_, tlsPort_));
    // The variable by which nginx hands its sockets to its successor in an upgrade.
    std::string const inherited = std::to_string(plain.descriptor()) + ";" + std::to_string(tls.descriptor()) + ";";
    std::string const log = folder + "/error.log";

    process_ = ::fork();
    if (process_ < 0) {
        throw std::system_error(errno, std::generic_category(), "fork");
    }
    if (process_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        ::setenv("NGINX", inherited.c_str(), 1);
        ::execl(NGINX_PROGRAM, NGINX_PROGRAM, "-p", folder.c_str(), "-e", log.c_str(), "-c", file.c_str(), nullptr);
        ::_exit(127);
    }
}

Nginx::~Nginx() {
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
}

std::string Nginx::url(bool tls) const {
    return (tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port(tls));
}

} // namespace httptest::bench
