#pragma once

#include "wire/watch.hpp"

#include <httptest/poco_transport.hpp>

#include <Poco/Net/SocketAddress.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace httptest::wire {

/// Turns host names into addresses, in the order in which they are to be tried.
///
/// getaddrinfo() can be neither bounded nor cancelled: it runs on a thread of its own, which is left behind when nobody
/// waits any longer. Callers who ask for the same name meanwhile wait for the same thread, so that a dead name server
/// costs one thread for each name. Thread-safe.
class Resolver {
public:
    /// @param custom  Used instead of getaddrinfo when it is not empty.
    explicit Resolver(ResolveName custom);
    ~Resolver();

    /// Literals need no look-up, and `localhost` is 127.0.0.1 and ::1 whatever the name service says
    /// (RFC 6761 section 6.3): credentials may go there in clear.
    /// @throws NameNotResolved, TimedOut, Cancelled
    std::vector<Poco::Net::SocketAddress> resolve(std::string const& host, std::uint16_t port, Watch& watch);

private:
    class Lookups;
    std::unique_ptr<Lookups> lookups_;
};

} // namespace httptest::wire
