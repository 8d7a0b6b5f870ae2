#pragma once

#include "wire/watch.hpp"

#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

#include <chrono>
#include <vector>

namespace httptest::wire {

struct ConnectedSocket {
    Poco::Net::StreamSocket socket; ///< Non-blocking, for Poco and for the system.
    Poco::Net::SocketAddress peer;
};

/// Connects to the first address that accepts. Addresses are tried in their order, each `stagger` after the one before
/// it or as soon as that has failed; those under way go on meanwhile (RFC 8305 section 5).
///
/// @param timeout  For each address.
/// @throws ConnectFailed  Names every address with its reason.
/// @throws TimedOut, Cancelled
ConnectedSocket connectToAny(std::vector<Poco::Net::SocketAddress> const& addresses, std::chrono::nanoseconds timeout,
                             std::chrono::nanoseconds stagger, Watch& watch);

} // namespace httptest::wire
