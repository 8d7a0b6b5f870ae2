#include "login_reply.hpp"

#include "printable.hpp"
#include "token_fields.hpp"

#include <httptest/headers.hpp>
#include <httptest/http_date.hpp>
#include <httptest/secret.hpp>
#include <httptest/url.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace runai {

namespace {

using Kind = LoginReply::Kind;

constexpr std::size_t longestName = 80;

LoginReply make(Kind kind, std::string what, std::string said = {}) {
    LoginReply reply;
    reply.kind = kind;
    reply.what = std::move(what);
    reply.said = std::move(said);
    return reply;
}

std::string statusText(int status) {
    return "status " + std::to_string(status);
}

/// Position of `needle`, which is in lower case, without regard to case; npos when there is none.
std::size_t findIgnoringCase(std::string_view text, std::string_view needle) {
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    auto const found = std::search(text.begin(), text.end(), needle.begin(), needle.end(),
                                   [&](char left, char right) { return lower(left) == right; });
    return found == text.end() ? std::string_view::npos : static_cast<std::size_t>(found - text.begin());
}

/// A page's beginning and its title are within this.
std::string_view head(std::string const& body) {
    return std::string_view(body).substr(0, 4096);
}

bool isHtml(httptest::Response const& response) {
    std::string const* const type = response.headers.find("Content-Type");
    if (type != nullptr && findIgnoringCase(*type, "html") != std::string_view::npos) {
        return true;
    }
    std::string_view text = head(response.body);
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n\xEF\xBB\xBF"), text.size()));
    return findIgnoringCase(text.substr(0, 14), "<!doctype html") == 0 ||
           findIgnoringCase(text.substr(0, 5), "<html") == 0;
}

std::string htmlTitle(httptest::Response const& response) {
    std::string_view text = head(response.body);
    std::size_t const open = findIgnoringCase(text, "<title");
    std::size_t const begin = open == std::string_view::npos ? open : text.find('>', open);
    if (begin == std::string_view::npos) {
        return {};
    }
    text.remove_prefix(begin + 1);
    return printable(text.substr(0, findIgnoringCase(text, "</title")), longestName);
}

/// The origin alone: a redirect's path and query can carry what nobody should see.
std::string redirectTarget(httptest::Response const& response) {
    std::string const* const location = response.headers.find("Location");
    if (location == nullptr) {
        return "nowhere";
    }
    if (location->starts_with('/') && !location->starts_with("//")) {
        return "another path of the same origin";
    }
    try {
        return httptest::Url::parse(location->starts_with("//") ? "https:" + *location : *location).origin.text();
    } catch (httptest::InvalidRequest const&) {
        return "something that is no absolute URL";
    }
}

/// What is wrong with the token; empty when nothing is.
std::string faultOf(FieldValue const* field, std::string const& name) {
    if (field == nullptr) {
        return "the reply has no " + name;
    }
    auto const* const token = std::get_if<std::string>(field);
    if (token == nullptr) {
        return name + " is no text";
    }
    std::string const fault = faultOfToken(*token);
    return fault.empty() ? fault : name + " " + fault;
}

bool isBearer(FieldValue const* type) {
    if (type == nullptr || std::holds_alternative<std::nullptr_t>(*type)) {
        return true;
    }
    auto const* const text = std::get_if<std::string>(type);
    return text != nullptr && httptest::equalsIgnoringCase(*text, "bearer");
}

/// An encoded body looks like nonsense to whoever does not know that it is one.
std::string whatIsWrong(httptest::Response const& response, ReplyBody const& body) {
    std::string const* const encoding = response.headers.find("Content-Encoding");
    if (encoding == nullptr || encoding->empty() || httptest::equalsIgnoringCase(*encoding, "identity")) {
        return body.fault;
    }
    return "is encoded (" + printable(*encoding, longestName) + "), which was not asked for";
}

/// Tells a code such as "invalid_client" from what web frameworks put there: "Unauthorized", "Bad Request".
bool isErrorCode(std::string_view text) noexcept {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

} // namespace

std::optional<LoginReply> readStatus(httptest::Response const& response, httptest::WallTime now) {
    int const status = response.status;
    if (status == 404 || status == 405 || status == 501) {
        return make(Kind::noSuchEndpoint, statusText(status));
    }
    if (status == 429 || status >= 500) {
        LoginReply reply = make(status == 429 ? Kind::throttled : Kind::unavailable, statusText(status));
        reply.retryAfter = httptest::retryAfter(response.headers, now);
        return reply;
    }
    if (status >= 300 && status < 400) {
        return make(Kind::notThisApi, "a redirect (" + statusText(status) + ") to " + redirectTarget(response));
    }
    return std::nullopt;
}

LoginReply readGranted(httptest::Response const& response, TokenFieldNames const& names) {
    ReplyBody body = readReplyBody(response.body);
    if (!body.fault.empty()) {
        return undocumented(isHtml(response) ? Kind::notThisApi : Kind::bad, response, body);
    }
    if (std::string fault = faultOf(body.fields.find(names.accessToken), std::string(names.accessToken));
        !fault.empty()) {
        return make(Kind::bad, std::move(fault));
    }
    if (!isBearer(body.fields.find(names.tokenType))) {
        return make(Kind::bad, std::string(names.tokenType) + " is not bearer");
    }
    LifetimeField const lifetime = readLifetime(body.fields.find(names.expiresIn));
    if (!lifetime.valid) {
        return make(Kind::bad, std::string(names.expiresIn) + " " + std::string(lifetimeRule));
    }
    LoginReply reply = make(Kind::token, "a token");
    reply.token.accessToken = httptest::Secret(*body.fields.text(names.accessToken));
    reply.token.expiresIn = lifetime.value;
    reply.token.serverTime = httptest::serverTime(response.headers);
    std::string const* const refreshToken = body.fields.text(names.refreshToken);
    if (refreshToken != nullptr && faultOfToken(*refreshToken).empty()) {
        reply.token.refreshToken = httptest::Secret(*refreshToken);
    }
    return reply;
}

std::optional<LoginReply> readOAuthError(ReplyFields const& fields) {
    std::string const* const error = fields.text("error");
    if (error == nullptr || !isErrorCode(*error)) {
        return std::nullopt;
    }
    bool const rejected = *error == "invalid_client" || *error == "invalid_grant" || *error == "unauthorized_client";
    Kind const kind = rejected                             ? Kind::rejected
                      : *error == "unsupported_grant_type" ? Kind::unsupportedGrant
                                                           : Kind::otherError;
    std::string const* const description = fields.text("error_description");
    return make(kind, printable(*error, longestName),
                description == nullptr ? "" : printable(*description, longestQuotation));
}

LoginReply undocumented(Kind kind, httptest::Response const& response, ReplyBody const& body) {
    std::string const status = statusText(response.status);
    if (!body.fault.empty() && isHtml(response)) {
        std::string const title = htmlTitle(response);
        return make(kind, "an HTML page answered (" + status + (title.empty() ? ")" : ", title '" + title + "')"));
    }
    if (!body.fault.empty()) {
        return make(kind, "the reply (" + status + ") " + whatIsWrong(response, body));
    }
    std::string const* const message = body.fields.text("message");
    return make(kind, "the reply (" + status + ") has no documented form",
                message == nullptr ? "" : printable(*message, longestQuotation));
}

} // namespace runai
