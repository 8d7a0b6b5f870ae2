#pragma once

#include "reply_fields.hpp"

#include <httptest/clock.hpp>
#include <httptest/error.hpp>
#include <httptest/response.hpp>
#include <httptest/token_source.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace runai {

/// What a reply to a login request means, before anybody knows what to make of it.
struct LoginReply {
    enum class Kind {
        token,
        rejected,         ///< In the documented form: these credentials are wrong.
        unsupportedGrant, ///< In the documented form: not this way.
        otherError,       ///< In the documented form: something else, such as a malformed request.
        throttled,
        unavailable,
        noSuchEndpoint, ///< 404, 405, 501.
        notThisApi,     ///< What a control plane without this API, or something before it, answers.
        bad,
    };

    Kind kind = Kind::bad;
    std::string what; ///< In our words, printable: "status 404", "invalid_client".
    std::string said; ///< In the server's words, printable and short; may be empty.
    httptest::RetryAfter retryAfter;
    httptest::Token token; ///< For `token` alone.
};

/// The names that a token API gives to the same things.
struct TokenFieldNames {
    std::string_view accessToken;
    std::string_view tokenType;
    std::string_view expiresIn;
    std::string_view refreshToken;
};

/// What the status alone decides, whatever the body: throttling, trouble, redirects, a missing endpoint. Nothing when
/// the body has to be looked at.
std::optional<LoginReply> readStatus(httptest::Response const& response, httptest::WallTime now);

/// Reads a reply with a status of 2xx. A malformed refresh token counts as none: the login has succeeded without it.
LoginReply readGranted(httptest::Response const& response, TokenFieldNames const& names);

/// Reads an error in the form of RFC 6749 section 5.2; nothing when it has another.
std::optional<LoginReply> readOAuthError(ReplyFields const& fields);

/// Names a reply that fits nothing documented: its status, and an HTML page's title.
LoginReply undocumented(LoginReply::Kind kind, httptest::Response const& response, ReplyBody const& body);

} // namespace runai
