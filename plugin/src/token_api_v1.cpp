#include "token_api_v1.hpp"

#include "printable.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace runai {

namespace {

using Kind = LoginReply::Kind;

/// By hand, since a JSON library would leave copies of the secret behind.
void appendJsonText(std::string& json, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    json += '"';
    for (char const c : text) {
        if (c == '"' || c == '\\') {
            json.append({'\\', c});
        } else if (auto const code = static_cast<unsigned char>(c); code < 0x20) {
            json.append("\\u00").append({digits[code >> 4U], digits[code & 15U]});
        } else {
            json += c;
        }
    }
    json += '"';
}

/// As the documentation writes them; the server reads them without regard to case.
ParameterNames v1Parameters(Grant grant) noexcept {
    switch (grant) {
    case Grant::clientCredentials: return {"clientId", "clientSecret"};
    case Grant::appToken: return {"AppId", "AppSecret"};
    case Grant::externalToken: return {"", "externalToken"};
    case Grant::password: return {"username", "password"};
    case Grant::refreshToken: return {"", "refreshToken"};
    }
    return {};
}

void appendMember(std::string& json, std::string_view name, std::string_view value) {
    json.append(",\"").append(name).append("\":");
    appendJsonText(json, value);
}

/// Control planes that know the request but not the grant say so in their message alone.
bool speaksOfGrantType(std::string_view message) {
    std::string letters;
    for (char const c : message) {
        if (c >= 'A' && c <= 'Z') {
            letters += static_cast<char>(c - 'A' + 'a');
        } else if (c >= 'a' && c <= 'z') {
            letters += c;
        }
    }
    return letters.find("granttype") != std::string::npos;
}

/// Reads `{"code": 401, "message": "…"}`; nothing when it has another form.
std::optional<LoginReply> readError(ReplyFields const& fields) {
    FieldValue const* const code = fields.find("code");
    std::string const* const message = fields.text("message");
    if (code == nullptr || message == nullptr) {
        return std::nullopt;
    }
    std::string number;
    if (auto const* const value = std::get_if<std::uint64_t>(code)) {
        number = std::to_string(*value);
    } else if (auto const* const negative = std::get_if<std::int64_t>(code)) {
        number = std::to_string(*negative);
    } else {
        return std::nullopt;
    }
    LoginReply reply;
    reply.kind = speaksOfGrantType(*message) ? Kind::unsupportedGrant : Kind::rejected;
    reply.what = "code " + number;
    reply.said = printable(*message, longestQuotation);
    return reply;
}

} // namespace

httptest::Request TokenApiV1::request(httptest::Url const& endpoint, Login const& login) const {
    ParameterNames const names = v1Parameters(login.grant);
    httptest::Request request;
    request.method = "POST";
    request.url = endpoint;
    request.headers = {{"Accept", "*/*"}, {"Content-Type", "application/json"}};
    // Six bytes a character at worst: no reallocation may leave a copy of the secret behind.
    request.body.reserve(150 + 6 * (login.id.size() + login.secret.size() + login.clientId.size()));
    request.body.append(R"({"grantType":)");
    appendJsonText(request.body, grantName(login.grant));
    if (!names.id.empty()) {
        appendMember(request.body, names.id, login.id);
    }
    appendMember(request.body, names.secret, login.secret);
    if (!login.clientId.empty()) {
        appendMember(request.body, "clientId", login.clientId);
    }
    request.body += '}';
    return request;
}

LoginReply TokenApiV1::read(httptest::Response const& response, httptest::WallTime now) const {
    if (std::optional<LoginReply> reply = readStatus(response, now)) {
        return std::move(*reply);
    }
    if (response.status >= 200 && response.status < 300) {
        return readGranted(response, {"accessToken", "tokenType", "expiresIn", "refreshToken"});
    }
    ReplyBody const body = readReplyBody(response.body);
    if (response.status == 400 || response.status == 401 || response.status == 403) {
        if (std::optional<LoginReply> reply = readError(body.fields)) {
            return std::move(*reply);
        }
        if (std::optional<LoginReply> reply = readOAuthError(body.fields)) {
            return std::move(*reply);
        }
    }
    return undocumented(Kind::bad, response, body);
}

} // namespace runai
