#pragma once

#include <Poco/Net/StreamSocket.h>

#include <optional>
#include <string>
#include <string_view>

namespace soak {

/// An HTTP message as it came, with what the relay needs to know of it.
struct Message {
    std::string head; ///< Start line and fields, with the empty line at their end.
    std::string body;

    std::string_view startLine() const;
    /// The value of a field, or an empty text.
    std::string_view field(std::string_view name) const;
    std::string bytes() const { return head + body; }
};

/// Reads whole messages from a socket. Knows Content-Length alone, which is all that the SDK and the fake send.
class Channel {
public:
    explicit Channel(Poco::Net::StreamSocket const& socket) : socket_(socket) {} // Poco counts its owners

    /// Nothing at the end of the connection.
    /// @throws Poco::Exception
    std::optional<Message> read();
    void send(std::string_view bytes);
    /// Whether the other side has ended it, or said something unasked.
    bool stale() const;

private:
    bool receive();

    Poco::Net::StreamSocket socket_;
    std::string pending_;
};

} // namespace soak
