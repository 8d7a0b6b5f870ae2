#include "report/hints.hpp"

#include "time_text.hpp"

#include <httptest/http_date.hpp>

#include <chrono>
#include <utility>

namespace httptest::inline v1 {

namespace {

using namespace std::chrono_literals;

/// A token refused at this age was not refused for it.
constexpr auto youngToken = 60s;
/// From here on clocks that differ explain a refusal.
constexpr auto suspiciousSkew = 5s;

/// What the token's age has to do with the refusal.
std::string ageOf(ExchangeRecord const& record) {
    Attachment const& token = record.attachment;
    if (!token.obtainedAt || !token.expiresAt) {
        return {};
    }
    if (*token.expiresAt <= record.attemptedAt) {
        return "; it had ended " + seconds(record.attemptedAt - *token.expiresAt) + " before it was sent";
    }
    auto const age = record.attemptedAt - *token.obtainedAt;
    return record.diagnosis.empty() && age < youngToken ? "; it is " + seconds(age) + " old, so its age is no reason"
                                                        : std::string();
}

std::string skewOf(AuthStatus const& auth) {
    auto const skew = std::chrono::abs(auth.clockSkew);
    return skew < suspiciousSkew ? std::string()
                                 : "; the server's clock is " + seconds(skew) +
                                       (auth.clockSkew.count() > 0 ? " ahead of ours" : " behind ours");
}

std::string unauthorized(ExchangeRecord const& record, AuthStatus const* auth) {
    if (!record.attachment.attached()) {
        return "no token of the provider's was sent; see above why";
    }
    std::string text = record.diagnosis.empty() ? "the token was refused" : record.diagnosis;
    text += ageOf(record);
    return auth == nullptr ? text : text + skewOf(*auth);
}

std::string forbidden(ExchangeRecord const& record, AuthStatus const* auth) {
    if (!record.attachment.attached()) {
        return "no token of the provider's was sent; see above why";
    }
    std::string text = "the token was accepted, its subject ";
    text += auth == nullptr || auth->subject.empty() ? "" : auth->subject + " ";
    text += "lacks the permission; no new login can change that; identity '" + record.identity + "' ";
    return record.acceptedBefore == 0
               ? text + "has had no 2xx before: has it any role at all?"
               : text + "has had " + std::to_string(record.acceptedBefore) + " replies of 2xx before";
}

std::string unavailable(ExchangeRecord const& record) {
    std::string text = "a gateway or the server is not up; this says nothing of the tested call";
    RetryAfter const pause = retryAfter(record.response.headers, record.sentAt);
    return pause ? text + "; it asks to come back in " + seconds(*pause) : text;
}

std::string throttled(ExchangeRecord const& record) {
    RetryAfter const pause = retryAfter(record.response.headers, record.sentAt);
    return "the server limits how often it is asked" +
           (pause ? "; it asks to come back in " + seconds(*pause) : std::string());
}

bool isHtml(Headers const& headers) {
    std::string const* const type = headers.find("Content-Type");
    return type != nullptr && type->find("text/html") != std::string::npos;
}

/// The setting that bounds a phase.
std::string limitOf(Phase phase) {
    switch (phase) {
    case Phase::connect: return "connect_timeout_ms";
    case Phase::tls: return "tls_timeout_ms";
    default: return "exchange_timeout_ms";
    }
}

std::string ofError(Error const& error) {
    if (dynamic_cast<CredentialsRejected const*>(&error) != nullptr) {
        return "`httptest config` shows where id and secret come from";
    }
    if (dynamic_cast<LoginError const*>(&error) != nullptr) {
        return "there was no login, so this says nothing of the tested call; `httptest doctor` shows how far one comes";
    }
    if (dynamic_cast<TlsError const*>(&error) != nullptr) {
        return "a CA of your own is named by the setting ca_file; `httptest doctor` shows what the server presents";
    }
    if (dynamic_cast<ProxyRefused const*>(&error) != nullptr) {
        return "the proxy answered, not the tested system; its user and password are a part of proxy_url";
    }
    if (auto const* const timedOut = dynamic_cast<TimedOut const*>(&error)) {
        return "the limits are the settings " + limitOf(timedOut->phase()) +
               " and request_timeout_ms, and the request's own timeout()";
    }
    if (dynamic_cast<NameNotResolved const*>(&error) != nullptr ||
        dynamic_cast<ConnectFailed const*>(&error) != nullptr) {
        return "is base_url right, and is the server up? `httptest doctor` shows how far a connection comes";
    }
    return {};
}

} // namespace

std::vector<std::string> hintsFor(ExchangeRecord const& record, AuthStatus const* auth, Error const* error) {
    std::vector<std::string> hints;
    switch (record.response.status) {
    case 401: hints.push_back(unauthorized(record, auth)); break;
    case 403: hints.push_back(forbidden(record, auth)); break;
    case 429: hints.push_back(throttled(record)); break;
    case 502:
    case 503:
    case 504: hints.push_back(unavailable(record)); break;
    default: break;
    }
    if (isHtml(record.response.headers)) {
        hints.emplace_back("an HTML page answered: is the base URL the API's address?");
    }
    if (!record.tlsVerified) {
        hints.emplace_back("certificates are not verified (insecure_skip_verify): anybody may have answered");
    }
    if (std::string hint = error != nullptr ? ofError(*error) : std::string(); !hint.empty()) {
        hints.push_back(std::move(hint));
    }
    return hints;
}

} // namespace httptest::v1
