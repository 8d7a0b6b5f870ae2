#pragma once

#include <string>
#include <string_view>

namespace httptest::testing {

/// RFC 4648 section 5, without padding.
inline std::string base64Url(std::string_view bytes) {
    constexpr char const* alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    unsigned buffer = 0;
    int bits = 0;
    for (char const byte : bytes) {
        buffer = buffer << 8 | static_cast<unsigned char>(byte);
        for (bits += 8; bits >= 6; bits -= 6) {
            text.push_back(alphabet[buffer >> (bits - 6) & 63]);
        }
    }
    if (bits > 0) {
        text.push_back(alphabet[buffer << (6 - bits) & 63]);
    }
    return text;
}

/// A token with these claims, in JSON, and a signature that nobody checks.
inline std::string makeJwt(std::string_view claims) {
    return "eyJhbGciOiJSUzI1NiJ9." + base64Url(claims) + ".c2lnbmF0dXJl";
}

} // namespace httptest::testing
