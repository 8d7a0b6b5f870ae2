#include "tinyproxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

/// Free at this moment; tinyproxy can neither take a socket over nor choose a port itself.
std::uint16_t freePort() {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    int const descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool const bound = ::bind(descriptor, generic, size) == 0 && ::getsockname(descriptor, generic, &size) == 0;
    ::close(descriptor);
    if (!bound) {
        throw std::runtime_error("no free port");
    }
    return ntohs(address.sin_port);
}

bool listens(std::uint16_t port) {
    sockaddr_in const address = loopback(port);
    int const descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool const connected = ::connect(descriptor, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0;
    ::close(descriptor);
    return connected;
}

} // namespace

Tinyproxy::Tinyproxy(Options const& options) {
    constexpr int attempts = 5; // somebody else may take the port between the look and the start
    for (int i = 0; i < attempts; ++i) {
        port_ = freePort();
        std::string text = "Port " + std::to_string(port_) +
                           "\nListen 127.0.0.1\nTimeout 30\nMaxClients 20\nLogFile \"" +
                           (folder_.path() / "log").string() + "\"\nLogLevel Info\nAllow 127.0.0.1\n";
        if (!options.user.empty()) {
            text += "BasicAuth " + options.user + " " + options.password + "\n";
        }
        if (options.allowOnlyPort443) {
            text += "ConnectPort 443\n";
        }
        if (start(text)) {
            return;
        }
    }
    throw std::runtime_error("tinyproxy does not start: " + log());
}

bool Tinyproxy::start(std::string const& text) {
    std::string const file = folder_.write("tinyproxy.conf", text).string();
    process_ = ::fork();
    if (process_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        ::execl(TINYPROXY_PROGRAM, TINYPROXY_PROGRAM, "-d", "-c", file.c_str(), nullptr);
        ::_exit(127);
    }
    using Clock = std::chrono::steady_clock;
    constexpr auto patience = std::chrono::seconds(20);
    constexpr auto interval = std::chrono::milliseconds(5);
    for (auto const until = Clock::now() + patience; Clock::now() < until;) {
        if (::waitpid(process_, nullptr, WNOHANG) != 0) {
            process_ = -1;
            return false;
        }
        if (listens(port_)) {
            return true;
        }
        std::this_thread::sleep_for(interval);
    }
    return false;
}

Tinyproxy::~Tinyproxy() {
    if (process_ > 0) {
        ::kill(process_, SIGTERM);
        ::waitpid(process_, nullptr, 0);
    }
}

std::string Tinyproxy::log() const {
    std::ifstream stream(folder_.path() / "log");
    return {std::istreambuf_iterator<char>(stream), {}};
}
