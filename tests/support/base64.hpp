#pragma once

#include <algorithm>
#include <string>
#include <string_view>

/// RFC 4648 section 4. Written apart from the code under test, which has encoders of its own.
inline std::string base64(std::string_view bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    unsigned buffer = 0;
    unsigned bits = 0;
    for (char const byte : bytes) {
        buffer = (buffer << 8U | static_cast<unsigned char>(byte)) & 0xFFFFU;
        for (bits += 8; bits >= 6; bits -= 6) {
            text += digits[buffer >> (bits - 6) & 63U];
        }
    }
    if (bits > 0) {
        text += digits[buffer << (6 - bits) & 63U];
    }
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

/// RFC 4648 section 5, without padding, as in a JWT.
inline std::string base64Url(std::string_view bytes) {
    std::string text = base64(bytes);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    std::erase(text, '=');
    return text;
}
