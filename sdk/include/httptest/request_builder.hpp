#pragma once

#include <httptest/abi.hpp>
#include <httptest/bad_credentials.hpp>
#include <httptest/exchange.hpp>
#include <httptest/expected_value.hpp>
#include <httptest/location.hpp>
#include <httptest/multipart.hpp>
#include <httptest/request.hpp>

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

class SessionCore;
struct RequestDefaults;

/// A form's field, sent in the order in which they are given; a name may come more than once.
struct FormField {
    std::string name;
    std::string value;
};

/// How many redirects a request follows that asks for it and says no number.
inline constexpr int usualRedirects = 10;

/// A request in the making. Built once, it can be copied, changed and sent many times. Not thread-safe; copies are.
///
/// What cannot be meant (two bodies, a time-out of zero) is an InvalidRequest at the line of the call.
class [[nodiscard]] HTTPTEST_API RequestBuilder {
public:
    RequestBuilder(std::shared_ptr<SessionCore> core, RequestDefaults const& defaults, std::string_view method,
                   std::string_view path);

    /// Fills `{name}` in the path, percent-encoded.
    RequestBuilder& path(std::string_view name, std::string_view value);
    RequestBuilder& path(std::string_view name, std::nullptr_t) = delete;
    RequestBuilder& path(std::string_view name, JsonInteger auto value) { return path(name, std::to_string(value)); }

    /// Appends `name=value` to the query, percent-encoded; a name may come more than once.
    RequestBuilder& query(std::string_view name, std::string_view value);
    RequestBuilder& query(std::string_view name, std::same_as<bool> auto value) { // no pointer is a bool
        return query(name, std::string_view(value ? "true" : "false"));
    }
    RequestBuilder& query(std::string_view name, JsonInteger auto value) {
        return query(name, std::string_view(std::to_string(value)));
    }
    RequestBuilder& query(std::string_view name, std::nullptr_t) = delete;
    /// The shortest digits that mean the same: "0.5".
    RequestBuilder& query(std::string_view name, std::floating_point auto value) {
        return query(name, std::string_view(ExpectedValue(value).json()));
    }

    /// Sets a header, in place of one of this name. An Authorization header of the test's own is sent as it is: no
    /// credential is attached, and a 401 is not replayed. A Content-Type holds whatever the body says of itself.
    RequestBuilder& header(std::string_view name, std::string value);

    /// Leaves out a header that would be sent: Accept, User-Agent, X-Request-ID, or the session's.
    RequestBuilder& withoutHeader(std::string_view name);

    /// A request has one body: a second one is an InvalidRequest.
    RequestBuilder& body(std::string content, std::string_view contentType, Location where = Location::current());

    /// Sends JSON. Include <nlohmann/json.hpp> where you call it; this header does without, since it costs two seconds
    /// a file.
    template <class Json = nlohmann::json>
    RequestBuilder& json(Json const& value, Location where = Location::current()) {
        return body(value.dump(), "application/json", where);
    }

    /// Sends `application/x-www-form-urlencoded`: `.form({{"grant_type", "password"}, {"username", "ada"}})`.
    RequestBuilder& form(std::vector<FormField> const& fields, Location where = Location::current());

    /// Sends `multipart/form-data`: text fields and files.
    RequestBuilder& multipart(Multipart const& parts, Location where = Location::current());

    /// Bounds this request, login, redirects and replay included; the default is the setting `request_timeout_ms`.
    RequestBuilder& timeout(std::chrono::milliseconds limit, Location where = Location::current());

    /// Follows redirects (RFC 9110 section 15.4), `most` of them; the default is the setting `redirects`, which is none.
    ///
    /// Another origin gets none of the credentials, whoever set them, and no later hop gets them back; only the
    /// identity's own goes to each of `token_origins`. A reply whose Location cannot be followed is the answer.
    RequestBuilder& redirects(int most = usualRedirects, Location where = Location::current());
    RequestBuilder& noRedirects();

    /// Takes a 401 for the answer, where it would be replayed with a newer credential.
    RequestBuilder& noReplay();

    /// Asks for a gzip-encoded body and decodes it; the headers stay as they came. Decoded it may be as long as
    /// `max_body_bytes`.
    RequestBuilder& gzip();

    /// Sends the request as another identity of the harness's, to its base URL.
    RequestBuilder& identity(std::string_view name);

    /// Sends no credential.
    RequestBuilder& anonymous();

    /// Sends a credential that the server should refuse, in place of the session's; the last call of `auth` and
    /// `anonymous` holds. Not together with an Authorization header of the test's own.
    RequestBuilder& auth(BadCredential bad);

    /// Sends the request and returns the reply, whatever its status.
    ///
    /// A 401 for a credential of the provider's is answered by one replay with a newer one where there is one. Each call
    /// has an X-Request-ID of its own, the same in its replay and redirects, unless the test sets one.
    /// @throws InvalidRequest, LoginError, TransportError, RedirectError, Misconfigured
    Exchange send(Location where = Location::current()) const;

    // What `eventually`, `pages` and `Cleanup` have to know of a request.

    std::string const& method() const noexcept { return request_.method; }
    bool hasBody() const noexcept { return hasBody_; }
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
    std::chrono::milliseconds timeout_{0}; // zero for the setting's
    std::optional<int> redirects_;         // nothing for the setting's
    std::optional<BadCredential> bad_;
    bool anonymous_ = false;
    bool replay_ = true;
    bool gzip_ = false;
    bool hasBody_ = false;
    bool ownContentType_ = false;
    bool requestId_ = true; // whether send() makes one
};

} // namespace httptest::v1
