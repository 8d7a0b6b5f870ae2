#include "token_api_v2.hpp"

#include <httptest/secret.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace runai {

namespace {

using Kind = LoginReply::Kind;

ParameterNames v2Parameters(Grant grant) noexcept {
    switch (grant) {
    case Grant::clientCredentials: return {"client_id", "client_secret"};
    case Grant::externalToken: return {"", "external_token"};
    case Grant::password: return {"username", "password"};
    case Grant::refreshToken: return {"", "refresh_token"};
    case Grant::appToken: break;
    }
    return {};
}

void appendParameter(std::string& form, std::string_view name, std::string_view value) {
    std::string encoded = httptest::formEncode(value);
    form.append("&").append(name).append("=").append(encoded);
    httptest::wipe(encoded);
}

} // namespace

httptest::Request TokenApiV2::request(httptest::Url const& endpoint, Login const& login) const {
    ParameterNames const names = v2Parameters(login.grant);
    httptest::Request request;
    request.method = "POST";
    request.url = endpoint;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
    // Three bytes a character at worst: no reallocation may leave a copy of the secret behind.
    request.body.reserve(150 + 3 * (login.id.size() + login.secret.size() + login.clientId.size()));
    request.body.append("grant_type=").append(grantName(login.grant));
    if (!names.id.empty()) {
        appendParameter(request.body, names.id, login.id);
    }
    appendParameter(request.body, names.secret, login.secret);
    if (!login.clientId.empty()) {
        appendParameter(request.body, "client_id", login.clientId);
    }
    return request;
}

LoginReply TokenApiV2::read(httptest::Response const& response, httptest::WallTime now) const {
    int const status = response.status;
    if (std::optional<LoginReply> reply = readStatus(response, now)) {
        return std::move(*reply);
    }
    if (status >= 200 && status < 300) {
        return readGranted(response, {"access_token", "token_type", "expires_in", "refresh_token"});
    }
    ReplyBody const body = readReplyBody(response.body);
    if (status == 400 || status == 401 || status == 403) {
        if (std::optional<LoginReply> reply = readOAuthError(body.fields)) {
            return std::move(*reply);
        }
    }
    // A control plane that does not know this path asks for a bearer, or calls the form malformed. A gateway's 403 says
    // nothing about what is behind it.
    return undocumented(status == 400 || status == 401 ? Kind::notThisApi : Kind::bad, response, body);
}

} // namespace runai
