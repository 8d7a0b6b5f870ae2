#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// RFC 4648 section 4, as the runai command-line tool wraps its token.
inline std::string base64(std::string_view bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    unsigned buffer = 0;
    int bits = 0;
    for (char const byte : bytes) {
        buffer = (buffer << 8U | static_cast<unsigned char>(byte)) & 0xFFFFU;
        for (bits += 8; bits >= 6; bits -= 6) {
            text += digits[buffer >> static_cast<unsigned>(bits - 6) & 63U];
        }
    }
    if (bits > 0) {
        text += digits[buffer << static_cast<unsigned>(6 - bits) & 63U];
    }
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}
