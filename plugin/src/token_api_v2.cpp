#include "token_api_v2.hpp"

#include <httptest/secret.hpp>

#include <optional>
#include <string>
#include <utility>

namespace runai {

namespace {

using Kind = LoginReply::Kind;

} // namespace

bool TokenApiV2::has(Grant grant) const noexcept {
    return grant == Grant::clientCredentials;
}

httptest::Request TokenApiV2::request(httptest::Url const& endpoint, Login const& login) const {
    httptest::Request request;
    request.method = "POST";
    request.url = endpoint;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
    // Three bytes a character at worst: no reallocation may leave a copy of the secret behind.
    request.body.reserve(100 + 3 * (login.id.size() + login.secret.size()));
    request.body.append("grant_type=").append(grantName(login.grant));
    request.body.append("&client_id=").append(httptest::formEncode(login.id));
    std::string encodedSecret = httptest::formEncode(login.secret);
    request.body.append("&client_secret=").append(encodedSecret);
    httptest::wipe(encodedSecret);
    return request;
}

LoginReply TokenApiV2::read(httptest::Response const& response, httptest::WallTime now) const {
    int const status = response.status;
    if (std::optional<LoginReply> reply = readStatus(response, now)) {
        return std::move(*reply);
    }
    if (status >= 200 && status < 300) {
        return readGranted(response, {"access_token", "token_type", "expires_in"});
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
