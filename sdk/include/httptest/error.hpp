#pragma once

#include <httptest/abi.hpp>
#include <httptest/location.hpp>
#include <httptest/response.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace httptest::inline v1 {

class Error;
class SessionCore;
struct ExchangeRecord;

/// What the error says and, where a request came to nothing, the exchange as a failed expectation would show it:
/// redacted, bounded, safe for XML.
HTTPTEST_API std::string failureText(Error const& error);

// Error                        everything that this SDK throws; the text is redacted when it is made
// ├── Misconfigured            a setting is missing, unknown, malformed or in conflict
// │   ├── MissingSetting       one that has to be there is not
// │   └── PluginError          an auth provider's library cannot be used
// ├── InvalidRequest           refused before the wire: CR, LF, NUL, a malformed URL, a template left unfilled
// ├── RedirectError            redirected in a circle, or more often than allowed
// ├── ExpectationFailed        an expectation failed where no test framework is there to report it to
// ├── InvalidExpectation       an expectation that no reply can be held against: a malformed JSON Pointer or pattern
// ├── TransportError           the exchange did not end with a whole reply
// │   ├── NameNotResolved
// │   ├── ConnectFailed        no address of the host accepted a connection
// │   ├── TlsError             certificate, host name, protocol version, client certificate, CA file
// │   ├── ProxyRefused         the proxy answered CONNECT with something other than 2xx
// │   ├── ConnectionLost       closed or reset before the reply began, or while sending
// │   ├── BadReply             malformed, contradictory or cut short
// │   │   └── ReplyTooLarge
// │   ├── TimedOut
// │   └── Cancelled
// └── LoginError               could not log in; never a statement about the tested call
//     ├── CredentialsRejected  final: the server knows these credentials to be wrong
//     ├── BadLoginReply        the login endpoint answered something that is no token reply
//     ├── LoginThrottled
//     ├── LoginUnavailable     5xx from the login endpoint
//     ├── LoginUnreachable     a TransportError during the login
//     └── LoginTimedOut        the caller's deadline ended while it waited for a login

class HTTPTEST_API Error : public std::runtime_error {
public:
    explicit Error(std::string const& what);
    ~Error() override;

    /// Where the test asked for what failed; an empty file when unknown.
    Location location() const noexcept { return location_; }
    void setLocation(Location location) noexcept { location_ = location; }

private:
    friend class SessionCore;
    friend std::string failureText(Error const& error);

    Location location_;
    std::shared_ptr<ExchangeRecord const> exchange_; // holds the credential that was sent; null for none
};

class HTTPTEST_API Misconfigured : public Error {
public:
    using Error::Error;
    ~Misconfigured() override;
};

class HTTPTEST_API MissingSetting : public Misconfigured {
public:
    MissingSetting(std::string key, std::string const& what);
    ~MissingSetting() override;

    /// Without its section: "base_url".
    std::string const& key() const noexcept { return key_; }

private:
    std::string key_;
};

class HTTPTEST_API PluginError : public Misconfigured {
public:
    using Misconfigured::Misconfigured;
    ~PluginError() override;
};

class HTTPTEST_API InvalidRequest : public Error {
public:
    using Error::Error;
    ~InvalidRequest() override;
};

class HTTPTEST_API RedirectError : public Error {
public:
    using Error::Error;
    ~RedirectError() override;
};

class HTTPTEST_API ExpectationFailed : public Error {
public:
    using Error::Error;
    ~ExpectationFailed() override;

    /// Whether the test framework knows of it already, as it does of those of other threads.
    bool reported() const noexcept { return reported_; }
    void setReported() noexcept { reported_ = true; }

private:
    bool reported_ = false;
};

class HTTPTEST_API InvalidExpectation : public Error {
public:
    using Error::Error;
    ~InvalidExpectation() override;
};

/// How far an exchange came.
enum class Phase { resolve, connect, proxy, tls, send, firstByte, body };

/// "resolving the name", "waiting for the reply", …
HTTPTEST_API char const* describe(Phase phase) noexcept;

class HTTPTEST_API TransportError : public Error {
public:
    TransportError(Phase phase, std::string const& what);
    ~TransportError() override;

    Phase phase() const noexcept { return phase_; }

    /// How far the connection came that was made for the exchange; null facts and zero times for a kept one, and where
    /// the transport does not say.
    std::shared_ptr<ConnectionFacts const> const& connection() const noexcept { return connection_; }
    Timings const& timings() const noexcept { return timings_; }
    void setConnection(std::shared_ptr<ConnectionFacts const> connection, Timings const& timings) noexcept {
        connection_ = std::move(connection);
        timings_ = timings;
    }

private:
    Phase phase_;
    std::shared_ptr<ConnectionFacts const> connection_;
    Timings timings_;
};

class HTTPTEST_API NameNotResolved : public TransportError {
public:
    using TransportError::TransportError;
    ~NameNotResolved() override;
};

class HTTPTEST_API ConnectFailed : public TransportError {
public:
    using TransportError::TransportError;
    ~ConnectFailed() override;
};

class HTTPTEST_API TlsError : public TransportError {
public:
    using TransportError::TransportError;
    ~TlsError() override;
};

class HTTPTEST_API ProxyRefused : public TransportError {
public:
    ProxyRefused(int status, std::string const& what);
    ~ProxyRefused() override;

    /// The proxy's status: 407 wants credentials, 403 forbids the target.
    int status() const noexcept { return status_; }

private:
    int status_;
};

class HTTPTEST_API ConnectionLost : public TransportError {
public:
    using TransportError::TransportError;
    ~ConnectionLost() override;
};

class HTTPTEST_API BadReply : public TransportError {
public:
    using TransportError::TransportError;
    ~BadReply() override;
};

class HTTPTEST_API ReplyTooLarge : public BadReply {
public:
    using BadReply::BadReply;
    ~ReplyTooLarge() override;
};

class HTTPTEST_API TimedOut : public TransportError {
public:
    using TransportError::TransportError;
    ~TimedOut() override;
};

class HTTPTEST_API Cancelled : public TransportError {
public:
    using TransportError::TransportError;
    ~Cancelled() override;
};

class HTTPTEST_API LoginError : public Error {
public:
    using Error::Error;
    ~LoginError() override;
};

class HTTPTEST_API CredentialsRejected : public LoginError {
public:
    using LoginError::LoginError;
    ~CredentialsRejected() override;
};

class HTTPTEST_API BadLoginReply : public LoginError {
public:
    using LoginError::LoginError;
    ~BadLoginReply() override;
};

/// What a server asked for with `Retry-After`, from the moment the reply came; nothing when it did not say.
using RetryAfter = std::optional<std::chrono::nanoseconds>;

class HTTPTEST_API LoginThrottled : public LoginError {
public:
    explicit LoginThrottled(std::string const& what, RetryAfter retryAfter = std::nullopt);
    ~LoginThrottled() override;

    RetryAfter retryAfter() const noexcept { return retryAfter_; }

private:
    RetryAfter retryAfter_;
};

class HTTPTEST_API LoginUnavailable : public LoginError {
public:
    explicit LoginUnavailable(std::string const& what, RetryAfter retryAfter = std::nullopt);
    ~LoginUnavailable() override;

    RetryAfter retryAfter() const noexcept { return retryAfter_; }

private:
    RetryAfter retryAfter_;
};

class HTTPTEST_API LoginUnreachable : public LoginError {
public:
    using LoginError::LoginError;
    ~LoginUnreachable() override;
};

class HTTPTEST_API LoginTimedOut : public LoginError {
public:
    using LoginError::LoginError;
    ~LoginTimedOut() override;
};

} // namespace httptest::v1
