#pragma once

#include "grant.hpp"
#include "login_reply.hpp"

#include <httptest/clock.hpp>
#include <httptest/request.hpp>
#include <httptest/response.hpp>
#include <httptest/url.hpp>

#include <string_view>

namespace runai {

enum class ApiVersion { v1, v2 };

/// "v1", as in the path and in the setting `token_api`.
std::string_view apiName(ApiVersion version) noexcept;

/// The address of a token API below the base URL, which may have a path of its own.
httptest::Url tokenEndpoint(httptest::Url const& baseUrl, ApiVersion version);

/// What goes into a login request. The views outlive the call.
struct Login {
    Grant grant = Grant::clientCredentials;
    std::string_view id;            ///< Of the client, application or user; not sent where the secret is a token.
    std::string_view secret;        ///< Secret, password or token.
    std::string_view clientId = {}; ///< Beside a password or refresh token; may be empty.
};

/// How a token API calls the parameters of a grant.
struct ParameterNames {
    std::string_view id; ///< Empty where the grant has none.
    std::string_view secret;
};

/// The control plane's token API in one of its two ages: spells login requests, reads their replies. No I/O, no state.
class TokenApi {
public:
    virtual ~TokenApi() = default;

    /// The body holds the secret: wipe it after sending.
    virtual httptest::Request request(httptest::Url const& endpoint, Login const& login) const = 0;

    /// @param now  Wall time, for a Retry-After that is a date.
    virtual LoginReply read(httptest::Response const& response, httptest::WallTime now) const = 0;
};

} // namespace runai
