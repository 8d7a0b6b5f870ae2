#pragma once

#include "wire/message.hpp"
#include "wire/request_text.hpp"
#include "wire/stream.hpp"
#include "wire/watch.hpp"

#include <httptest/response.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace httptest::wire {

/// A connection to an origin, or to a proxy on the way there. Used by one thread at a time.
class Connection {
public:
    Connection(Stream stream, std::shared_ptr<ConnectionFacts const> facts) noexcept
        : stream_(std::move(stream)),
          facts_(std::move(facts)) {}

    /// Sends a request and reads the reply to it; a reply that comes early ends the sending. `keepAlive` of the result
    /// says whether the connection may be used again.
    /// @throws TransportError
    Reply exchange(RequestText const& request, ReplyRules const& rules, Watch& watch);

    /// Whether any byte of a reply came in the last exchange.
    bool gotBytes() const noexcept { return gotBytes_; }

    /// Whether a kept connection can carry another request: its time is not over, and the peer has neither closed it nor
    /// sent anything, which would be taken for the next reply. One system call.
    bool isUsable(SteadyTime now) noexcept { return now < usableUntil_ && stream_.isQuiet(); }

    void keep(SteadyTime until) noexcept { usableUntil_ = until; }
    SteadyTime usableUntil() const noexcept { return usableUntil_; }

    std::shared_ptr<ConnectionFacts const> const& facts() const noexcept { return facts_; }
    Stream& stream() noexcept { return stream_; }

private:
    class Conversation;

    Stream stream_;
    std::shared_ptr<ConnectionFacts const> facts_;
    SteadyTime usableUntil_;
    bool gotBytes_ = false;
    bool fresh_ = true;
};

} // namespace httptest::wire
