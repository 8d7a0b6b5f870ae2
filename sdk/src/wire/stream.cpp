#include "wire/stream.hpp"

#include "wire/tls_failure.hpp"

#include <Poco/Net/SecureStreamSocket.h>

#include <openssl/err.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <vector>

namespace httptest::wire {

using Poco::Net::SecureStreamSocket;

namespace {

int toLength(std::size_t size) {
    return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}

/// What Poco's operations return; negative numbers are its ways to say "not now".
Moved outcomeOf(int result, Moved::State notNow) {
    using enum Moved::State;
    if (result > 0) {
        return {some, static_cast<std::size_t>(result)};
    }
    switch (result) {
    case 0: return {closed};
    case SecureStreamSocket::ERR_SSL_WANT_READ: return {notNow}; // plain sockets return the same -1 in both directions
    case SecureStreamSocket::ERR_SSL_WANT_WRITE: return {wantWrite};
    default: return {reset};
    }
}

/// On plain sockets every exception stands for an error number, EAGAIN included: Poco 1.11 returns it from its receiving
/// function but throws it from the sending one.
Moved plainFailure(Poco::Exception const& failure, Moved::State notNow) {
    int const error = failure.code();
    bool const again = error == EINTR || error == EAGAIN || error == EWOULDBLOCK;
    return {again ? notNow : Moved::State::reset};
}

Moved tlsFailure(Poco::Exception const& failure, Watch const& watch) {
    if (isUnexpectedEnd(failure)) {
        return {Moved::State::cut};
    }
    if (failure.code() != 0) {
        return {Moved::State::reset};
    }
    watch.fail<TlsError>(describeTlsFailure(failure));
}

} // namespace

Stream::Stream(Poco::Net::StreamSocket const& socket) : socket_(socket), descriptor_(socket.impl()->sockfd()) {
    timeval patience{};
    patience.tv_usec = std::chrono::microseconds(tick).count();
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    socket_.setBlocking(false);
    ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) & ~O_NONBLOCK);
}

Stream::Stream(SecureLink const& link)
    : socket_(link.socket),
      descriptor_(link.socket.impl()->sockfd()),
      ssl_(link.ssl) {}

Moved Stream::send(std::string_view bytes, bool mayBlock, Watch const& watch) {
    auto const length = toLength(bytes.size());
    if (ssl_ != nullptr) {
        // What an earlier connection left in the thread's error queue would be taken for an error of this one.
        ERR_clear_error();
        try {
            return outcomeOf(socket_.sendBytes(bytes.data(), length), Moved::State::wantRead);
        } catch (Poco::Exception const& failure) {
            return tlsFailure(failure, watch);
        }
    }
    try {
        return outcomeOf(socket_.sendBytes(bytes.data(), length, MSG_NOSIGNAL | (mayBlock ? 0 : MSG_DONTWAIT)),
                         Moved::State::wantWrite);
    } catch (Poco::Exception const& failure) {
        return plainFailure(failure, Moved::State::wantWrite);
    }
}

Moved Stream::receive(char* to, std::size_t room, bool mayBlock, Watch const& watch) {
    auto const length = toLength(room);
    if (ssl_ != nullptr) {
        ERR_clear_error();
        try {
            return outcomeOf(socket_.receiveBytes(to, length), Moved::State::wantRead);
        } catch (Poco::Exception const& failure) {
            return tlsFailure(failure, watch);
        }
    }
    try {
        return outcomeOf(socket_.receiveBytes(to, length, mayBlock ? 0 : MSG_DONTWAIT), Moved::State::wantRead);
    } catch (Poco::Exception const& failure) {
        return plainFailure(failure, Moved::State::wantRead);
    }
}

bool Stream::isQuiet() noexcept {
    char byte = 0;
    if (ssl_ == nullptr) {
        return ::recv(descriptor_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }
    // Waiting bytes may be a session ticket, which is fine, or a close_notify or junk, which is not: TLS has to look.
    ERR_clear_error();
    try {
        return socket_.receiveBytes(&byte, 1) == SecureStreamSocket::ERR_SSL_WANT_READ;
    } catch (...) {
        return false;
    }
}

void Stream::abandon() noexcept {
    // Destroying Poco's object would send close_notify, so it is kept for ever.
    static auto* const kept = new std::vector<Poco::Net::StreamSocket>; // NOLINT(bugprone-unhandled-exception-at-new)
    ::close(descriptor_);
    kept->push_back(socket_);
}

} // namespace httptest::wire
