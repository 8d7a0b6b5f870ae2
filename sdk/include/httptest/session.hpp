#pragma once

#include <httptest/abi.hpp>
#include <httptest/auth_provider.hpp>
#include <httptest/location.hpp>
#include <httptest/request_builder.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

class SessionCore;
struct RequestDefaults;

/// A tester's client for one identity: builds requests against the configured base URL.
///
/// A cheap view on shared parts: copy it freely, use it from any thread.
class HTTPTEST_API Session {
public:
    explicit Session(std::shared_ptr<SessionCore> core);

    /// A session whose requests differ in what they start from; a request may still say otherwise. This one stays as it
    /// is: `auto const tenant = session.withHeader("X-Tenant", "a").withTimeout(5s);`
    Session withHeader(std::string_view name, std::string value) const;
    Session withTimeout(std::chrono::milliseconds limit, Location where = Location::current()) const;
    Session withRedirects(int most = usualRedirects, Location where = Location::current()) const;
    Session withoutRedirects() const;

    /// `path` is relative to the base URL ("/api/v1/clusters", with `{name}` for what `path()` fills) or an absolute
    /// URL; only the base URL's origin and the setting `token_origins` get credentials.
    RequestBuilder get(std::string_view path) const;
    RequestBuilder head(std::string_view path) const;
    RequestBuilder post(std::string_view path) const;
    RequestBuilder put(std::string_view path) const;
    RequestBuilder patch(std::string_view path) const;
    RequestBuilder del(std::string_view path) const;
    RequestBuilder options(std::string_view path) const;
    RequestBuilder request(std::string_view method, std::string_view path) const;

    /// Puts the identity's credential on a request that something else will send, under the rules of `send()`: not for
    /// another origin, not over http:// beyond loopback, not where the request has an Authorization header already.
    /// The attachment says whether one was put there.
    /// @param timeout  Bounds the login; zero for the setting `request_timeout_ms`.
    /// @throws LoginError, TransportError, Misconfigured
    /// @throws InvalidRequest  A `timeout` below zero, or over a day.
    Attachment authorize(Request& request, std::chrono::milliseconds timeout = std::chrono::milliseconds(0),
                         Location where = Location::current()) const;

    /// Hears of the answer to a request that `authorize` was called for: whether to authorize it anew and send it once
    /// more, and whose fault the 401 seems to be. Drops the credential that was refused; for other statuses, and where
    /// none was attached, it does nothing. Ask once a request: one replay is what `send()` makes too.
    Refusal refused(Response const& response, Attachment const& attachment) const;

    /// `path` as in `get()`, resolved: the absolute URL.
    /// @throws InvalidRequest
    Url url(std::string_view path) const;

    /// What is known of the identity's credential.
    AuthStatus auth() const;

private:
    Session(std::shared_ptr<SessionCore> core, RequestDefaults defaults);

    std::shared_ptr<SessionCore> core_;
    std::shared_ptr<RequestDefaults const> defaults_; // null for none
};

} // namespace httptest::v1
