#include "login_errors.hpp"

#include "credentials/setting_place.hpp"
#include "printable.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace runai {

namespace {

using Kind = LoginReply::Kind;

constexpr std::size_t longestId = 100;

std::string baseUrlSetting(httptest::Settings const& settings) {
    constexpr auto key = "base_url";
    return settings.has(key) ? shortWhere(settings.where(key)) : settings.howToSet(key);
}

/// Which control planes have the grant, and what to use with the others.
std::string grantAdvice(httptest::Settings const& settings, Grant grant) {
    switch (grant) {
    case Grant::clientCredentials:
        return "control planes from 2.20 on have it; 2.18 and 2.19 want app_token: set " + settings.howToSet("app_id") +
               " and " + settings.howToSet("app_secret") + " instead of the client's";
    case Grant::appToken:
        return "control planes 2.18 to 2.25 have it; from 3.0 on set " + settings.howToSet("client_id") + " and " +
               settings.howToSet("client_secret") + " instead of the application's";
    case Grant::externalToken:
        return "v1 has it, v2 from 3.0 on; without it set " + settings.howToSet("client_id") + " and " +
               settings.howToSet("client_secret");
    case Grant::password:
    case Grant::refreshToken:
        return "it is for users whom the control plane itself knows; for access keys and service accounts set " +
               settings.howToSet("client_id") + " and " + settings.howToSet("client_secret");
    }
    return {};
}

std::string inSeconds(httptest::RetryAfter const& retryAfter) {
    if (!retryAfter) {
        return {};
    }
    return ", asks for a pause of " + std::to_string(std::chrono::ceil<std::chrono::seconds>(*retryAfter).count()) +
           " s";
}

std::string words(LoginReply const& reply, bool mayQuote) {
    return mayQuote && !reply.said.empty() ? reply.what + ": " + reply.said : reply.what;
}

/// Throws what passes by itself, and returns for the rest.
void raisePassing(std::string const& start, LoginReply const& reply) {
    if (reply.kind == Kind::throttled) {
        throw httptest::LoginThrottled(start + "too many logins (" + reply.what + ")" + inSeconds(reply.retryAfter),
                                       reply.retryAfter);
    }
    if (reply.kind == Kind::unavailable) {
        throw httptest::LoginUnavailable(start + "the control plane or a gateway before it is in trouble (" +
                                             reply.what + ")" + inSeconds(reply.retryAfter),
                                         reply.retryAfter);
    }
}

/// What became of the API that was asked before the last one; empty when there was none.
std::string before(std::vector<LoginAnswer> const& answers, bool mayQuote) {
    if (answers.size() < 2) {
        return {};
    }
    LoginAnswer const& first = answers.front();
    return "; before that " + first.endpoint.target + ": " + words(first.reply, mayQuote);
}

} // namespace

LoginErrors::LoginErrors(httptest::Settings const& settings, Account const& account, bool pinned)
    : hint_(account.hint),
      checkBaseUrl_(". Is " + baseUrlSetting(settings) + " the control plane's address?") {
    if (!account.grant) {
        return; // no login, no failure of one
    }
    checkCredentials_ = " (check " + account.toCheck + ")";
    checkGrant_ = "the grant " + std::string(grantName(*account.grant)) + " is not known here; " +
                  grantAdvice(settings, *account.grant);
    if (pinned && *account.grant != Grant::appToken) {
        checkTokenApi_ = " Only the token API " + settings.text("token_api") + " was asked, as " +
                         shortWhere(settings.where("token_api")) + " says; 'auto' asks both.";
    }
}

void LoginErrors::raise(std::string const& id, std::vector<LoginAnswer> const& answers, bool mayQuote) const {
    LoginAnswer const& last = answers.back();
    LoginReply const& reply = last.reply;
    std::string const start =
        "could not log in to " + last.endpoint.text() + " as '" + printable(id, longestId) + "': ";
    std::string const answer = start + words(reply, mayQuote);
    std::string const hint = hint_.empty() ? hint_ : "." + hint_;
    raisePassing(start, reply);
    switch (reply.kind) {
    case Kind::rejected:
        throw httptest::CredentialsRejected(answer + checkCredentials_ + before(answers, mayQuote) + hint);
    case Kind::unsupportedGrant: throw httptest::Misconfigured(start + checkGrant_ + "." + checkTokenApi_);
    case Kind::noSuchEndpoint:
    case Kind::notThisApi:
        if (answers.front().reply.kind == Kind::unsupportedGrant) {
            throw httptest::Misconfigured(start + checkGrant_ + "." + checkTokenApi_);
        }
        throw httptest::BadLoginReply(start +
                                      (reply.kind == Kind::noSuchEndpoint ? "there is no token API (" + reply.what + ")"
                                                                          : words(reply, mayQuote)) +
                                      before(answers, mayQuote) + checkBaseUrl_ + checkTokenApi_);
    case Kind::otherError: throw httptest::BadLoginReply(answer + before(answers, mayQuote) + hint);
    case Kind::throttled:
    case Kind::unavailable:
    case Kind::bad:
    case Kind::token: break;
    }
    throw httptest::BadLoginReply(answer + before(answers, mayQuote) + checkBaseUrl_ + checkTokenApi_);
}

void LoginErrors::raiseOfRefresh(LoginAnswer const& answer, bool mayQuote) const {
    std::string const start = "could not refresh the token at " + answer.endpoint.text() + ": ";
    raisePassing(start, answer.reply);
    throw httptest::CredentialsRejected(start + words(answer.reply, mayQuote));
}

} // namespace runai
