#pragma once

#include "support/base64.hpp"

#include <httptest/url.hpp>

#include <nlohmann/json.hpp>

#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::testing {

/// With %2f for %2F, as some encoders write it.
inline std::string lowerHex(std::string text) {
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
        if (text[i] == '%') {
            text[i + 1] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[i + 1])));
            text[i + 2] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[i + 2])));
        }
    }
    return text;
}

inline std::string inJson(std::string const& text, bool ascii = false) {
    std::string const quoted = nlohmann::json(text).dump(-1, ' ', ascii);
    return quoted.substr(1, quoted.size() - 2);
}

/// How Go and Java write some characters in JSON.
inline std::string cautiousJson(std::string const& text) {
    std::string result;
    for (char const c : inJson(text)) {
        if (std::string_view("<>&='").find(c) == std::string_view::npos) {
            result.append(c == '/' ? "\\/" : std::string(1, c));
        } else {
            constexpr std::string_view digits = "0123456789abcdef";
            auto const code = static_cast<unsigned char>(c);
            result.append("\\u00").append({digits[code >> 4U], digits[code & 15U]});
        }
    }
    return result;
}

inline std::string inHex(std::string_view text, std::string_view digits = "0123456789abcdef") {
    std::string result;
    for (char const c : text) {
        auto const code = static_cast<unsigned char>(c);
        result.append({digits[code >> 4U], digits[code & 15U]});
    }
    return result;
}

/// With letters and digits escaped too, which nobody has to.
inline std::string percentThroughout(std::string_view text) {
    std::string result;
    for (char const c : text) {
        result.append("%").append(inHex({&c, 1}, "0123456789ABCDEF"));
    }
    return result;
}

/// How templates write text into HTML, by names or by numbers.
inline std::string inHtml(std::string_view text, bool numbers = false) {
    std::string result;
    for (char const c : text) {
        switch (c) {
        case '&': result.append(numbers ? "&#38;" : "&amp;"); break;
        case '<': result.append(numbers ? "&#x3c;" : "&lt;"); break;
        case '>': result.append(numbers ? "&#x3E;" : "&gt;"); break;
        case '"': result.append(numbers ? "&#34;" : "&quot;"); break;
        case '\'': result.append(numbers ? "&#39;" : "&apos;"); break;
        default: result.push_back(c);
        }
    }
    return result;
}

/// Every way of writing `secret` that must not get through; base64 with each alignment.
inline std::vector<std::string> spellingsOf(std::string const& secret) {
    std::vector<std::string> spellings = {secret,
                                          percentEncode(secret),
                                          formEncode(secret),
                                          lowerHex(percentEncode(secret)),
                                          lowerHex(formEncode(secret)),
                                          inJson(secret),
                                          inJson(inJson(secret)),
                                          inJson(inJson(inJson(inJson(secret)))),
                                          inJson(secret, true),
                                          cautiousJson(secret),
                                          percentThroughout(secret),
                                          inHex(secret),
                                          inHex(secret, "0123456789ABCDEF"),
                                          inHtml(secret),
                                          inHtml(secret, true),
                                          inHtml(inJson(secret))};
    for (std::string const before : {"", "x", "xy"}) {
        for (std::string const after : {"", "z", "zz"}) {
            spellings.push_back(base64(before + secret + after));
            spellings.push_back(base64Url(before + secret + after));
        }
    }
    return spellings;
}

/// What of a spelling must not be found: in base64 the first and last characters depend on what stands around it.
inline std::string_view coreOf(std::string_view spelling) {
    constexpr std::size_t surroundings = 4;
    return spelling.size() > 2 * surroundings ? spelling.substr(surroundings, spelling.size() - 2 * surroundings)
                                              : std::string_view();
}

inline bool survives(std::string_view spelling, std::string_view output) {
    std::string_view const core = coreOf(spelling);
    return !core.empty() && output.find(core) != std::string_view::npos;
}

} // namespace httptest::testing
