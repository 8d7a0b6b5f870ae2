#pragma once

#include <httptest/url.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace runai::testing {

inline std::string base64(std::string_view bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        unsigned group = 0;
        for (std::size_t i = at; i < at + 3; ++i) {
            group = group << 8U | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
        }
        for (unsigned shift = 18; text.size() < at / 3 * 4 + 4; shift -= 6) {
            text += digits[group >> shift & 63U];
        }
    }
    for (std::size_t pad = (3 - bytes.size() % 3) % 3, i = 1; i <= pad; ++i) {
        text[text.size() - i] = '=';
    }
    return text;
}

inline std::vector<std::string> spellings(std::string const& secret) {
    std::string json = nlohmann::json(secret).dump();
    json = json.substr(1, json.size() - 2);
    return {secret, httptest::percentEncode(secret), httptest::formEncode(secret), json, base64(secret)};
}

/// The first piece of eight characters of any spelling of `secret` that `text` shows; empty when it shows none.
inline std::string shownPiece(std::string_view text, std::string const& secret) {
    constexpr std::size_t piece = 8;
    for (std::string const& spelling : spellings(secret)) {
        for (std::size_t at = 0; at + piece <= spelling.size(); ++at) {
            if (text.find(std::string_view(spelling).substr(at, piece)) != std::string_view::npos) {
                return spelling.substr(at, piece);
            }
        }
    }
    return {};
}

} // namespace runai::testing
