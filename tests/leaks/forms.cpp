#include "forms.hpp"

#include "support/base64.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

namespace leaks {

namespace {

constexpr std::string_view upperDigits = "0123456789ABCDEF";
constexpr std::string_view lowerDigits = "0123456789abcdef";

std::string hexByte(char c, std::string_view digits) {
    auto const byte = static_cast<unsigned char>(c);
    return {digits[byte >> 4U], digits[byte & 15U]};
}

/// `text` with each character as `encode` writes it.
std::string each(std::string_view text, std::function<std::string(char)> const& encode) {
    std::string result;
    for (char const c : text) {
        result += encode(c);
    }
    return result;
}

bool isUnreserved(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("-._~").find(c) != std::string::npos;
}

std::string percentEncoded(std::string_view text, std::string_view digits, bool plusForSpace) {
    return each(text, [&](char c) {
        if (c == ' ' && plusForSpace) {
            return std::string("+");
        }
        return isUnreserved(c) ? std::string(1, c) : "%" + hexByte(c, digits);
    });
}

/// The code points of well-formed UTF-8.
std::vector<std::uint32_t> codePoints(std::string_view text) {
    std::vector<std::uint32_t> points;
    for (std::size_t at = 0; at < text.size();) {
        auto const lead = static_cast<unsigned char>(text[at]);
        std::size_t const length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        std::uint32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
        for (std::size_t i = 1; i < length && at + i < text.size(); ++i) {
            point = point << 6U | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
        }
        points.push_back(point);
        at += length;
    }
    return points;
}

std::string fourDigits(std::uint32_t unit) {
    return hexByte(static_cast<char>(unit >> 8U), lowerDigits) + hexByte(static_cast<char>(unit & 0xFFU), lowerDigits);
}

/// JSON of nothing but \u escapes.
std::string unicodeEscaped(std::string_view text) {
    std::string result;
    for (std::uint32_t const point : codePoints(text)) {
        if (point < 0x10000) {
            result += "\\u" + fourDigits(point);
        } else {
            std::uint32_t const rest = point - 0x10000;
            result += "\\u" + fourDigits(0xD800 + (rest >> 10U)) + "\\u" + fourDigits(0xDC00 + (rest & 0x3FFU));
        }
    }
    return result;
}

std::string jsonEscaped(std::string_view text) {
    return each(text, [](char c) {
        switch (c) {
        case '"': return std::string("\\\"");
        case '\\': return std::string("\\\\");
        case '\n': return std::string("\\n");
        case '\t': return std::string("\\t");
        default: break;
        }
        bool const control = static_cast<unsigned char>(c) < 0x20;
        return control ? "\\u00" + hexByte(c, lowerDigits) : std::string(1, c);
    });
}

/// As Go and Java write JSON that may be put into HTML.
std::string cautiousJson(std::string_view text) {
    return each(jsonEscaped(text), [](char c) {
        if (c == '/') {
            return std::string("\\/");
        }
        bool const special = std::string_view("<>&='").find(c) != std::string_view::npos;
        return special ? "\\u00" + hexByte(c, lowerDigits) : std::string(1, c);
    });
}

std::string entityEscaped(std::string_view text, std::string_view quote, std::string_view apostrophe) {
    return each(text, [&](char c) {
        switch (c) {
        case '&': return std::string("&amp;");
        case '<': return std::string("&lt;");
        case '>': return std::string("&gt;");
        case '"': return std::string(quote);
        case '\'': return std::string(apostrophe);
        default: return std::string(1, c);
        }
    });
}

std::string numericEntities(std::string_view text) {
    std::string result;
    for (std::uint32_t const point : codePoints(text)) {
        bool const plain = point < 0x80 && isUnreserved(static_cast<char>(point));
        result += plain ? std::string(1, static_cast<char>(point)) : "&#" + std::to_string(point) + ";";
    }
    return result;
}

std::string shellQuoted(std::string_view text) {
    return "'" + each(text, [](char c) { return c == '\'' ? std::string("'\\''") : std::string(1, c); }) + "'";
}

std::string urlSafe(std::string text) {
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return text;
}

std::string unpadded(std::string text) {
    std::erase(text, '=');
    return text;
}

} // namespace

std::vector<Form> formsOf(std::string_view secret) {
    std::vector<Form> forms;
    auto const add = [&forms](std::string name, std::string text) {
        bool const known = std::any_of(forms.begin(), forms.end(), [&](Form const& form) { return form.text == text; });
        if (!known) {
            forms.push_back({std::move(name), std::move(text)});
        }
    };
    add("literal", std::string(secret));
    add("percent-encoded", percentEncoded(secret, upperDigits, false));
    add("percent-encoded in lower case", percentEncoded(secret, lowerDigits, false));
    add("percent-encoded throughout", each(secret, [](char c) { return "%" + hexByte(c, upperDigits); }));
    add("form-encoded", percentEncoded(secret, upperDigits, true));
    add("form-encoded in lower case", percentEncoded(secret, lowerDigits, true));
    add("JSON", jsonEscaped(secret));
    add("JSON in JSON", jsonEscaped(jsonEscaped(secret)));
    add("JSON for HTML", cautiousJson(secret));
    add("JSON of \\u escapes", unicodeEscaped(secret));
    add("HTML", entityEscaped(secret, "&quot;", "&#39;"));
    add("XML", entityEscaped(secret, "&quot;", "&apos;"));
    add("HTML of numbers", numericEntities(secret));
    add("JSON in HTML", entityEscaped(jsonEscaped(secret), "&#34;", "&#39;"));
    add("shell word", shellQuoted(secret));
    add("hex", each(secret, [](char c) { return hexByte(c, lowerDigits); }));
    add("hex in upper case", each(secret, [](char c) { return hexByte(c, upperDigits); }));
    for (std::string const before : {"", "x", "xy"}) {
        for (std::string const after : {"", "z", "zz"}) {
            std::string const encoded = base64(before + std::string(secret) + after);
            std::string const where =
                " at " + std::to_string(before.size()) + ", before " + std::to_string(after.size());
            add("base64" + where, encoded);
            add("base64 without padding" + where, unpadded(encoded));
            add("base64url" + where, urlSafe(encoded));
            add("base64url without padding" + where, unpadded(urlSafe(encoded)));
        }
    }
    return forms;
}

} // namespace leaks
