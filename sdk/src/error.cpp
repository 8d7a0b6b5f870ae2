#include <httptest/error.hpp>
#include <httptest/redactor.hpp>

#include <utility>

namespace httptest::inline v1 {

Error::Error(std::string const& what) : std::runtime_error(redacted(what)) {}
Error::~Error() = default;

Misconfigured::~Misconfigured() = default;
MissingSetting::MissingSetting(std::string key, std::string const& what) : Misconfigured(what), key_(std::move(key)) {}
MissingSetting::~MissingSetting() = default;
PluginError::~PluginError() = default;
InvalidRequest::~InvalidRequest() = default;
RedirectError::~RedirectError() = default;
ExpectationFailed::~ExpectationFailed() = default;
InvalidExpectation::~InvalidExpectation() = default;

char const* describe(Phase phase) noexcept {
    switch (phase) {
    case Phase::resolve: return "resolving the name";
    case Phase::connect: return "connecting";
    case Phase::proxy: return "asking the proxy for a tunnel";
    case Phase::tls: return "shaking hands over TLS";
    case Phase::send: return "sending the request";
    case Phase::firstByte: return "waiting for the reply";
    case Phase::body: return "reading the reply";
    }
    return "an unknown phase";
}

TransportError::TransportError(Phase phase, std::string const& what) : Error(what), phase_(phase) {}
TransportError::~TransportError() = default;
NameNotResolved::~NameNotResolved() = default;
ConnectFailed::~ConnectFailed() = default;
TlsError::~TlsError() = default;
ProxyRefused::ProxyRefused(int status, std::string const& what) : TransportError(Phase::proxy, what), status_(status) {}
ProxyRefused::~ProxyRefused() = default;
ConnectionLost::~ConnectionLost() = default;
BadReply::~BadReply() = default;
ReplyTooLarge::~ReplyTooLarge() = default;
TimedOut::~TimedOut() = default;
Cancelled::~Cancelled() = default;

LoginError::~LoginError() = default;
CredentialsRejected::~CredentialsRejected() = default;
BadLoginReply::~BadLoginReply() = default;
LoginThrottled::LoginThrottled(std::string const& what, RetryAfter retryAfter)
    : LoginError(what),
      retryAfter_(retryAfter) {}
LoginThrottled::~LoginThrottled() = default;
LoginUnavailable::LoginUnavailable(std::string const& what, RetryAfter retryAfter)
    : LoginError(what),
      retryAfter_(retryAfter) {}
LoginUnavailable::~LoginUnavailable() = default;
LoginUnreachable::~LoginUnreachable() = default;
LoginTimedOut::~LoginTimedOut() = default;

} // namespace httptest::v1
