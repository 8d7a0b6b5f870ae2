#include "redact/decoded_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

namespace httptest::inline v1 {

namespace {

/// What an escape stands for, and how long it is.
struct Escape {
    std::string meaning;
    std::size_t length;
};

std::optional<unsigned> numberIn(std::string_view digits, int base) noexcept {
    unsigned value = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    bool const whole = !digits.empty() && error == std::errc() && end == digits.data() + digits.size();
    return whole ? std::optional(value) : std::nullopt;
}

/// The number that exactly `digits` hexadecimal digits at `at` make, in either case.
std::optional<unsigned> hexAt(std::string_view text, std::size_t at, std::size_t digits) noexcept {
    return at + digits <= text.size() ? numberIn(text.substr(at, digits), 16) : std::nullopt;
}

std::string utf8(unsigned codePoint) {
    auto const tail = [codePoint](int shift) { return static_cast<char>(0x80U | (codePoint >> shift & 0x3FU)); };
    if (codePoint < 0x80) {
        return {static_cast<char>(codePoint)};
    }
    if (codePoint < 0x800) {
        return {static_cast<char>(0xC0U | codePoint >> 6), tail(0)};
    }
    if (codePoint < 0x10000) {
        return {static_cast<char>(0xE0U | codePoint >> 12), tail(6), tail(0)};
    }
    return {static_cast<char>(0xF0U | codePoint >> 18), tail(12), tail(6), tail(0)};
}

/// `%41` (RFC 3986 section 2.1).
std::optional<Escape> percentAt(std::string_view text) {
    std::optional<unsigned> const byte = hexAt(text, 1, 2);
    return byte ? std::optional(Escape{std::string(1, static_cast<char>(*byte)), 3}) : std::nullopt;
}

std::optional<Escape> codePointAt(std::string_view text) {
    std::optional<unsigned> const unit = hexAt(text, 2, 4);
    if (!unit) {
        return std::nullopt;
    }
    bool const high = *unit >= 0xD800 && *unit <= 0xDBFF && text.substr(6).starts_with("\\u");
    std::optional<unsigned> const low = high ? hexAt(text, 8, 4) : std::nullopt;
    bool const pair = low && *low >= 0xDC00 && *low <= 0xDFFF;
    return pair ? Escape{utf8(0x10000U + ((*unit - 0xD800U) << 10) + (*low - 0xDC00U)), 12} : Escape{utf8(*unit), 6};
}

/// JSON's (RFC 8259 section 7); a backslash before any other character is left out.
std::optional<Escape> backslashAt(std::string_view text) {
    if (text.size() < 2) {
        return std::nullopt;
    }
    if (text[1] == 'u') {
        return codePointAt(text);
    }
    constexpr std::string_view letters = "bfnrt";
    constexpr std::string_view meant = "\b\f\n\r\t";
    auto const index = letters.find(text[1]);
    return Escape{std::string(1, index == std::string_view::npos ? text[1] : meant[index]), 2};
}

/// HTML's and XML's: those that stand for what markup is made of, and numbers.
std::optional<Escape> entityAt(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, char>, 5> named{
        {{"&amp;", '&'}, {"&quot;", '"'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&apos;", '\''}}};
    for (auto const& [entity, meaning] : named) {
        if (text.starts_with(entity)) {
            return Escape{std::string(1, meaning), entity.size()};
        }
    }
    constexpr std::size_t longest = 12;
    std::size_t const end = text.substr(0, longest).find(';');
    if (!text.starts_with("&#") || end == std::string_view::npos) {
        return std::nullopt;
    }
    bool const hex = text[2] == 'x' || text[2] == 'X';
    std::optional<unsigned> const point = numberIn(text.substr(hex ? 3 : 2, end - (hex ? 3 : 2)), hex ? 16 : 10);
    return point && *point <= 0x10FFFF ? std::optional(Escape{utf8(*point), end + 1}) : std::nullopt;
}

} // namespace

/// Undoes escapes of the kinds that it is made for, each by the character that begins it.
class EscapeDecoder {
public:
    explicit EscapeDecoder(std::string_view beginnings) : beginnings_(beginnings) {}

    /// Nothing where there is nothing to undo.
    std::optional<DecodedText> decoded(DecodedText const& from) const {
        std::string_view const text = from.text();
        if (text.find_first_of(beginnings_) == std::string_view::npos) {
            return std::nullopt;
        }
        DecodedText result;
        result.text_.reserve(text.size());
        result.origins_.reserve(text.size() + 1);
        auto const originOf = [&from](std::size_t at) { return from.origins_.empty() ? at : from.origins_[at]; };
        bool changed = false;
        for (std::size_t at = 0; at < text.size();) {
            std::optional<Escape> const escape = escapeAt(text.substr(at));
            changed = changed || escape;
            std::string_view const meaning = escape ? std::string_view(escape->meaning) : text.substr(at, 1);
            result.text_.append(meaning);
            result.origins_.insert(result.origins_.end(), meaning.size(), originOf(at));
            at += escape ? escape->length : 1;
        }
        result.origins_.push_back(originOf(text.size()));
        return changed ? std::optional(std::move(result)) : std::nullopt;
    }

private:
    std::optional<Escape> escapeAt(std::string_view text) const {
        if (beginnings_.find(text.front()) == std::string_view::npos) {
            return std::nullopt;
        }
        switch (text.front()) {
        case '%': return percentAt(text);
        case '+': return Escape{" ", 1};
        case '\\': return backslashAt(text);
        default: return entityAt(text);
        }
    }

    std::string_view beginnings_;
};

DecodedText::DecodedText(std::string_view text) : text_(text) {}

TextSpan DecodedText::origin(TextSpan const& span) const noexcept {
    if (origins_.empty()) {
        return span;
    }
    // Of the characters of one escape only the next one's origin is another.
    std::size_t end = span.end;
    while (end + 1 < origins_.size() && origins_[end] == origins_[end - 1]) {
        ++end;
    }
    return {origins_[span.begin], origins_[end]};
}

std::vector<DecodedText> readingsOf(std::string_view text) {
    std::vector<DecodedText> readings{DecodedText(text)};
    auto const has = [text](char c) { return text.find(c) != std::string_view::npos; };
    int const kinds = has('%') + has('\\') + has('&');
    if (kinds == 0 && !has('+')) {
        return readings;
    }
    // What is undone, one within another: '%' of URLs, '+' and '%' of forms, '\' of JSON, '&' of HTML, '*' all of these.
    constexpr std::array<std::string_view, 25> chains{
        "%",          "%%", "%%%", "+",   "++",    "\\",   "\\\\",  "\\\\\\", "\\\\\\\\",
        "\\\\\\\\\\", "&",  "&&",  "&\\", "&\\\\", "\\&",  "%\\",   "%\\\\",  "+\\",
        "\\%",        "&%", "*",   "**",  "***",   "****", "*****",
    };
    // Whatever needs several kinds, or a '+' that is written as such, is left out where they are not.
    auto const needless = [&](std::string_view chain) {
        return (chain.front() == '*' && kinds < 2) || (chain.front() == '+' && !has('+'));
    };
    static std::map<char, EscapeDecoder> const decoders{
        {'%', EscapeDecoder("%")}, {'+', EscapeDecoder("%+")},   {'\\', EscapeDecoder("\\")},
        {'&', EscapeDecoder("&")}, {'*', EscapeDecoder("%\\&")},
    };
    std::map<std::string_view, std::size_t> done{{"", 0}};
    for (std::string_view const chain : chains) {
        auto const before = done.find(chain.substr(0, chain.size() - 1));
        if (before == done.end() || needless(chain)) {
            continue;
        }
        if (auto next = decoders.at(chain.back()).decoded(readings[before->second])) {
            done.emplace(chain, readings.size());
            readings.push_back(*std::move(next));
        }
    }
    return readings;
}

} // namespace httptest::v1
