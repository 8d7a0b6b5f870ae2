#pragma once

#include <httptest/abi.hpp>
#include <httptest/clock.hpp>
#include <httptest/request.hpp>
#include <httptest/response.hpp>

#include <stop_token>

namespace httptest::inline v1 {

/// One exchange on the wire: no redirects, no credentials, no retries of its own account.
///
/// Implementations are thread-safe and outlive every call.
class HTTPTEST_API Transport {
public:
    virtual ~Transport();

    /// Sends `request` and returns the whole reply, whatever its status.
    ///
    /// @param deadline  Holds in every phase: resolve, connect, TLS, send, first byte, body.
    /// @param stop      Ends the exchange early, within 50 ms.
    /// @throws InvalidRequest  Before anything is sent.
    /// @throws TransportError  The reply did not come whole; the derived type says why.
    virtual Response send(Request const& request, SteadyTime deadline, std::stop_token stop) = 0;
};

} // namespace httptest::v1
