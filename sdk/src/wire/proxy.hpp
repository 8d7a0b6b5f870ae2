#pragma once

#include "wire/connection.hpp"

#include <httptest/secret.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace httptest::wire {

/// The proxy of a transport.
class Proxy {
public:
    /// @param url      `http://[user[:password]@]host:port`, the credentials percent-encoded.
    /// @param setting  Where it comes from, for error texts: "proxy_url".
    /// @throws Misconfigured
    Proxy(std::string_view url, std::string_view setting);

    std::string const& host() const noexcept { return url_.origin.host; }
    std::uint16_t port() const noexcept { return url_.origin.port; }

    /// "http://host:port", without credentials.
    std::string text() const { return url_.origin.text(); }

    /// Value of Proxy-Authorization; empty without credentials.
    std::string_view authorization() const noexcept { return authorization_.reveal(); }

    /// Asks the proxy for a tunnel to `target` (RFC 9110 section 9.3.6).
    /// @throws ProxyRefused, BadReply, ConnectionLost, TimedOut, Cancelled
    void openTunnel(Connection& connection, Origin const& target, ReplyRules rules, Watch& watch) const;

    /// @throws ProxyRefused  For a status that says that the proxy did not pass the request on.
    [[noreturn]] void refuse(int status, std::string const& asked, Watch const& watch) const;

private:
    Url url_;
    Secret authorization_;
};

} // namespace httptest::wire
