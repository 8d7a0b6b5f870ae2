#include <httptest/jwt.hpp>

#include <nlohmann/json.hpp>

namespace httptest::inline v1 {

namespace {

constexpr std::size_t longestPayload = std::size_t{64} * 1024;
constexpr double latestTime = 253402300799.0; // the end of the year 9999

/// base64url without padding (RFC 7515 appendix C); padding at the end is tolerated.
std::optional<std::string> fromBase64Url(std::string_view text) {
    while (text.ends_with('=')) {
        text.remove_suffix(1);
    }
    std::string result;
    result.reserve(text.size() * 3 / 4);
    unsigned buffer = 0;
    int bits = 0;
    for (char const c : text) {
        unsigned value = 0;
        if (c >= 'A' && c <= 'Z') {
            value = static_cast<unsigned>(c - 'A');
        } else if (c >= 'a' && c <= 'z') {
            value = static_cast<unsigned>(c - 'a') + 26;
        } else if (c >= '0' && c <= '9') {
            value = static_cast<unsigned>(c - '0') + 52;
        } else if (c == '-' || c == '_') {
            value = c == '-' ? 62 : 63;
        } else {
            return std::nullopt;
        }
        buffer = (buffer << 6 | value) & 0xFFFFU;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            result.push_back(static_cast<char>(buffer >> bits & 0xFFU));
        }
    }
    return result;
}

/// Empty for what is no text.
std::string textClaim(nlohmann::json const& claims, char const* name) {
    auto const claim = claims.find(name);
    return claim != claims.end() && claim->is_string() ? claim->get<std::string>() : std::string();
}

/// A tenant's id is a text in some tokens, a number in others.
std::string tenantOf(nlohmann::json const& claims) {
    for (char const* const name : {"tenant_id", "tenantId", "tenant", "tid"}) {
        if (auto const claim = claims.find(name); claim != claims.end() && claim->is_number_integer()) {
            return claim->dump();
        }
        if (std::string text = textClaim(claims, name); !text.empty()) {
            return text;
        }
    }
    return {};
}

/// A NumericDate may have a fraction (RFC 7519 section 2); what is no plausible time counts as absent.
std::optional<std::int64_t> timeClaim(nlohmann::json const& claims, char const* name) {
    auto const claim = claims.find(name);
    if (claim == claims.end() || !claim->is_number()) {
        return std::nullopt;
    }
    auto const seconds = claim->get<double>();
    if (!(seconds >= 0 && seconds <= latestTime)) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(seconds);
}

} // namespace

std::optional<JwtClaims> readJwt(std::string_view token) {
    auto const first = token.find('.');
    auto const second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos ||
        second - first > longestPayload) {
        return std::nullopt;
    }
    std::optional<std::string> const payload = fromBase64Url(token.substr(first + 1, second - first - 1));
    if (!payload) {
        return std::nullopt;
    }
    nlohmann::json const claims = nlohmann::json::parse(*payload, nullptr, false);
    if (!claims.is_object()) {
        return std::nullopt;
    }
    JwtClaims result;
    result.subject = textClaim(claims, "sub");
    result.issuer = textClaim(claims, "iss");
    result.tenant = tenantOf(claims);
    result.issuedAt = timeClaim(claims, "iat");
    result.expiresAt = timeClaim(claims, "exp");
    return result;
}

} // namespace httptest::v1
