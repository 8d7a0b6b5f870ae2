#include "report/hints.hpp"

#include "time_text.hpp"

#include <httptest/http_date.hpp>

#include <chrono>

namespace httptest::inline v1 {

namespace {

using namespace std::chrono_literals;

/// A token refused at this age was not refused for it.
constexpr auto youngToken = 60s;
/// From here on clocks that differ explain a refusal.
constexpr auto suspiciousSkew = 5s;

/// What the token's age has to do with the refusal.
std::string ageOf(ExchangeRecord const& record, AuthStatus const& auth) {
    if (auth.fingerprint != record.attachment.fingerprint || !auth.obtainedAt || !auth.expiresAt) {
        return {};
    }
    SteadyTime const now = record.clock->steady();
    if (*auth.expiresAt <= now) {
        return "; the token ended " + secondsText(now - *auth.expiresAt) + " ago";
    }
    auto const age = now - *auth.obtainedAt;
    return record.diagnosis.empty() && age < youngToken
               ? "; it is " + secondsText(age) + " old, so its age is no reason"
               : std::string();
}

std::string skewOf(AuthStatus const& auth) {
    auto const skew = std::chrono::abs(auth.clockSkew);
    return skew < suspiciousSkew ? std::string()
                                 : "; the server's clock is " + secondsText(skew) +
                                       (auth.clockSkew.count() > 0 ? " ahead of ours" : " behind ours");
}

std::string unauthorized(ExchangeRecord const& record, AuthStatus const* auth) {
    if (!record.attachment.attached()) {
        return "no token of the provider's was sent; see above why";
    }
    std::string text = record.diagnosis.empty() ? "the token was refused" : record.diagnosis;
    return auth == nullptr ? text : text + ageOf(record, *auth) + skewOf(*auth);
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
    return pause ? text + "; it asks to come back in " + secondsText(*pause) : text;
}

std::string throttled(ExchangeRecord const& record) {
    RetryAfter const pause = retryAfter(record.response.headers, record.sentAt);
    return "the server limits how often it is asked" +
           (pause ? "; it asks to come back in " + secondsText(*pause) : std::string());
}

bool isHtml(Headers const& headers) {
    std::string const* const type = headers.find("Content-Type");
    return type != nullptr && type->find("text/html") != std::string::npos;
}

} // namespace

std::vector<std::string> hintsFor(ExchangeRecord const& record, AuthStatus const* auth) {
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
    return hints;
}

} // namespace httptest::v1
