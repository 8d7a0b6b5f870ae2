#pragma once

#include "wire/tls.hpp"
#include "wire/watch.hpp"

#include <Poco/Net/StreamSocket.h>

#include <cstddef>
#include <string_view>

namespace httptest::wire {

/// What one attempt to move bytes came to.
struct Moved {
    enum class State {
        some,      ///< `count` bytes were moved.
        wantRead,  ///< Nothing could be moved; try again when the socket is readable,
        wantWrite, ///< or writable.
        closed,    ///< The peer's orderly end.
        cut,       ///< TLS: an end without close_notify.
        reset,
    };
    State state;
    std::size_t count = 0;
};

/// A connected socket, plain or TLS, whose operations block for one tick at most.
///
/// A plain socket blocks in the system with a timeout of a tick while Poco believes that it does not block, and so
/// returns instead of trying again: a small exchange is two system calls. TLS never blocks, because one read of a record
/// may be many system calls, each with a timeout of its own.
class Stream {
public:
    /// Plain. @param socket  Connected.
    explicit Stream(Poco::Net::StreamSocket const& socket);

    explicit Stream(SecureLink const& link);

    int descriptor() const noexcept { return descriptor_; }
    SSL const* ssl() const noexcept { return ssl_; }
    Poco::Net::StreamSocket& socket() noexcept { return socket_; }

    /// @param mayBlock  For a tick; heeded by plain sockets.
    Moved send(std::string_view bytes, bool mayBlock, Watch const& watch);

    /// @throws TlsError  The peer's alert.
    Moved receive(char* to, std::size_t room, bool mayBlock, Watch const& watch);

    /// Whether TLS holds bytes that the socket no longer shows to poll().
    bool hasBuffered() const noexcept { return ssl_ != nullptr && SSL_has_pending(ssl_) == 1; }

    /// Whether the peer has neither closed the connection nor sent anything. Takes bytes off a TLS connection.
    bool isQuiet() noexcept;

    /// For a forked child: gives the socket up without a word to the peer, whom the parent still talks to.
    void abandon() noexcept;

private:
    Poco::Net::StreamSocket socket_;
    int descriptor_;
    SSL const* ssl_ = nullptr;
};

} // namespace httptest::wire
