#pragma once

#include <httptest/abi.hpp>
#include <httptest/auth_provider.hpp>
#include <httptest/bad_credentials.hpp>
#include <httptest/exchange.hpp>
#include <httptest/location.hpp>

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <concepts>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

class SessionCore;

/// A request in the making. Built once, it can be copied, changed and sent many times. Not thread-safe; copies are.
class HTTPTEST_API RequestBuilder {
public:
    RequestBuilder(std::shared_ptr<SessionCore> core, std::string_view method, std::string_view path);

    /// Fills `{name}` in the path, percent-encoded.
    RequestBuilder& path(std::string_view name, std::string_view value);
    RequestBuilder& path(std::string_view name, std::integral auto value) { return path(name, std::to_string(value)); }

    /// Appends `name=value` to the query, percent-encoded; a name may come more than once.
    RequestBuilder& query(std::string_view name, std::string_view value);
    RequestBuilder& query(std::string_view name, char const* value) { return query(name, std::string_view(value)); }
    RequestBuilder& query(std::string_view name, bool value) { return query(name, value ? "true" : "false"); }
    RequestBuilder& query(std::string_view name, std::integral auto value) {
        return query(name, std::string_view(std::to_string(value)));
    }

    /// Sets a header, in place of one of this name. An Authorization header of the test's own is sent as it is: no
    /// credential is attached, and a 401 is not replayed.
    RequestBuilder& header(std::string_view name, std::string value);

    RequestBuilder& body(std::string content, std::string_view contentType);

    /// Sends JSON. Include <nlohmann/json.hpp> where you call it; this header does without, since it costs two seconds
    /// a file.
    template <class Json = nlohmann::json>
    RequestBuilder& json(Json const& value) {
        return body(value.dump(), "application/json");
    }

    /// Bounds this request, login and replay included; the default is the setting `request_timeout_ms`.
    RequestBuilder& timeout(std::chrono::milliseconds limit);

    /// Sends the request as another identity of the harness's, to its base URL.
    RequestBuilder& identity(std::string_view name);

    /// Sends no credential.
    RequestBuilder& anonymous();

    /// Sends a credential that the server should refuse, in place of the session's; the last call of `auth` and
    /// `anonymous` holds. Not together with an Authorization header of the test's own.
    RequestBuilder& auth(BadCredential bad);

    /// Sends the request and returns the reply, whatever its status.
    ///
    /// A 401 for a credential of the provider's is answered by one replay with a newer one where there is one.
    /// @throws InvalidRequest, LoginError, TransportError, Misconfigured
    Exchange send(Location where = Location::current()) const;

    // What `eventually`, `pages` and `Cleanup` have to know of a request.

    std::string const& method() const noexcept { return request_.method; }
    bool hasBody() const noexcept { return !request_.body.empty(); }
    /// What `timeout` said; zero where it said nothing.
    std::chrono::milliseconds timeout() const noexcept { return timeout_; }
    /// Path and query with everything filled in, or the absolute URL.
    /// @throws InvalidRequest
    std::string target() const;
    /// What the sessions of the identity share that sends it.
    /// @throws Misconfigured  There is no such identity.
    std::shared_ptr<SessionCore> core() const;

private:
    std::shared_ptr<SessionCore> core_;
    Request request_;
    std::string path_;
    std::string query_;
    std::string identity_; // empty for the session's own
    std::map<std::string, std::string, std::less<>> pathValues_;
    std::chrono::milliseconds timeout_{0};
    bool anonymous_ = false;
    std::optional<BadCredential> bad_;
};

/// A tester's client for one identity: builds requests against the configured base URL.
///
/// A cheap view on shared parts: copy it freely, use it from any thread.
class HTTPTEST_API Session {
public:
    explicit Session(std::shared_ptr<SessionCore> core);

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
    Attachment authorize(Request& request, std::chrono::milliseconds timeout = std::chrono::milliseconds(0)) const;

    /// `path` as in `get()`, resolved: the absolute URL.
    /// @throws InvalidRequest
    Url url(std::string_view path) const;

    /// What is known of the identity's credential.
    AuthStatus auth() const;

private:
    std::shared_ptr<SessionCore> core_;
};

} // namespace httptest::v1
