#pragma once

#include "wire/watch.hpp"

#include <httptest/response.hpp>

#include <chrono>
#include <cstddef>
#include <optional>

namespace httptest::wire {

/// How a stream of bytes ended.
enum class End {
    none,  ///< It did not.
    clean, ///< FIN, and close_notify on TLS.
    cut,   ///< TLS: FIN without close_notify, so that anybody may have cut it.
    reset,
};

/// What one read brought: bytes, or the end.
struct Bytes {
    std::size_t count = 0;
    End end = End::none;
};

/// Where the bytes of a reply come from.
class ByteSource {
public:
    /// Waits for at least one byte or the end. @throws TimedOut, Cancelled, TlsError
    virtual Bytes read(char* to, std::size_t room) = 0;

protected:
    ByteSource() = default;
    ByteSource(ByteSource const&) = default;
    ByteSource& operator=(ByteSource const&) = default;
    ~ByteSource() = default;
};

struct ReplyRules {
    bool noBody = false; ///< For HEAD and CONNECT, whatever the header says.
    std::size_t headerBytes;
    std::size_t headerFields;
    std::size_t bodyBytes;
    char const* speaker = "the server";
    char const* lossNote = ""; ///< Follows the text of a connection that was lost before the reply began.
};

struct Reply {
    Response response;
    bool keepAlive = false; ///< HTTP lets the connection be used again, and nothing came behind the reply.
    bool surplus = false;   ///< Something did.
    std::optional<std::chrono::seconds> keepAliveFor; ///< The server's `Keep-Alive: timeout=`.
};

/// Reads one final reply; interim ones (1xx) are passed over.
///
/// @throws ConnectionLost  The stream ended before the first byte.
/// @throws BadReply        Malformed, contradictory, cut short, an endless run of 1xx, or a 101 that nobody asked for.
/// @throws ReplyTooLarge   As soon as a limit is known to be passed; memory stays within the limits.
/// @see RFC 9112 sections 6 and 8.
Reply readReply(ByteSource& source, ReplyRules const& rules, Watch& watch);

} // namespace httptest::wire
