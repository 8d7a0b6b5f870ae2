#pragma once

#include <httptest/response.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <string>

namespace httptest::testing {

/// How much of a request a server takes in before it answers.
enum class Reads { nothing, head, request };

/// What becomes of the connection when the reply is out.
enum class Afterwards {
    keep,
    fin,   ///< The orderly end, after close_notify on TLS.
    cut,   ///< FIN without close_notify.
    reset, ///< RST.
    hang,  ///< Nothing ever comes any more.
};

/// How one reply goes out. It is healthy at first; faults change it.
struct Delivery {
    static constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();

    Response reply;            ///< Gets a Content-Length where its headers do not say how long it is,
    bool saysItsLength = true; ///< and this is on.
    std::string before;        ///< Bytes ahead of the reply, such as interim replies.
    std::optional<std::string> bytes = std::nullopt; ///< Sent in place of the reply.
    std::string after;                               ///< Bytes behind it,
    std::string endlessly;                           ///< and others that are repeated until the client goes away.

    Reads reads = Reads::request;
    std::chrono::milliseconds latency{0};    ///< Ahead of the first byte.
    std::size_t pieceSize = everything;      ///< How many bytes are sent at once,
    std::chrono::milliseconds piecePause{0}; ///< and the pause before each piece.
    std::size_t limit = everything;          ///< How many bytes are sent in all.
    Afterwards afterwards = Afterwards::keep;

    /// Everything but `endlessly`, cut to the limit.
    /// @param body  False for a reply to HEAD.
    std::string text(bool body = true) const;
};

/// One way for a server to go wrong: a small value with a name that changes a delivery. `faults::` has them ready-made;
/// your own is a function:
///
///     Fault const teapot("teapot", [](Delivery& delivery) { delivery.reply.status = 418; });
///     Fault const slowTeapot = faults::latency(2s) + teapot;
class Fault {
public:
    using Change = std::function<void(Delivery&)>;

    Fault(std::string name, Change change);

    std::string const& name() const noexcept { return name_; }
    void applyTo(Delivery& delivery) const { change_(delivery); }

    /// Both, in this order.
    friend Fault operator+(Fault const& first, Fault const& second);

private:
    std::string name_;
    Change change_;
};

} // namespace httptest::testing
