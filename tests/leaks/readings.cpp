#include "readings.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <numeric>
#include <system_error>
#include <utility>

namespace leaks {

namespace {

using Step = std::function<std::optional<Decoded>(Decoded const&)>;

bool isHex(char c) {
    return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

/// The number at `at` in that many digits, or in as many as there are for 0.
std::optional<std::uint32_t> numberAt(std::string_view text, std::size_t at, std::size_t digits, int base,
                                      std::size_t* length = nullptr) {
    if (at >= text.size() || (digits != 0 && at + digits > text.size())) {
        return std::nullopt;
    }
    std::uint32_t value = 0;
    char const* const begin = text.data() + at;
    char const* const limit = digits != 0 ? begin + digits : text.data() + text.size();
    auto const [end, error] = std::from_chars(begin, limit, value, base);
    if (error != std::errc() || (digits != 0 && end != limit)) {
        return std::nullopt;
    }
    if (length != nullptr) {
        *length = static_cast<std::size_t>(end - begin);
    }
    return value;
}

std::string utf8(std::uint32_t point) {
    auto const tail = [point](unsigned shift) { return static_cast<char>(0x80U | (point >> shift & 0x3FU)); };
    if (point < 0x80) {
        return {static_cast<char>(point)};
    }
    if (point < 0x800) {
        return {static_cast<char>(0xC0U | point >> 6U), tail(0)};
    }
    if (point < 0x10000) {
        return {static_cast<char>(0xE0U | point >> 12U), tail(6), tail(0)};
    }
    return {static_cast<char>(0xF0U | point >> 18U), tail(12), tail(6), tail(0)};
}

/// What stands for something else, and how long it is.
struct Meaning {
    std::string bytes;
    std::size_t length;
};

/// Goes through a text and replaces what `meaningAt` knows.
template <class MeaningAt>
std::optional<Decoded> replaced(Decoded const& text, std::string_view starts, MeaningAt const& meaningAt) {
    if (text.bytes.find_first_of(starts) == std::string::npos) {
        return std::nullopt;
    }
    Decoded result;
    result.bytes.reserve(text.bytes.size());
    result.origin.reserve(text.bytes.size());
    for (std::size_t at = 0; at < text.bytes.size();) {
        std::optional<Meaning> const meaning =
            starts.find(text.bytes[at]) != std::string_view::npos ? meaningAt(text.bytes, at) : std::nullopt;
        if (meaning) {
            result.bytes += meaning->bytes;
            result.origin.insert(result.origin.end(), meaning->bytes.size(), text.origin[at]);
            at += meaning->length;
        } else {
            result.bytes += text.bytes[at];
            result.origin.push_back(text.origin[at]);
            ++at;
        }
    }
    return result;
}

std::optional<Meaning> percentAt(std::string_view text, std::size_t at) {
    auto const byte = numberAt(text, at + 1, 2, 16);
    return byte ? std::optional(Meaning{std::string(1, static_cast<char>(*byte)), 3}) : std::nullopt;
}

std::optional<Decoded> percentDecoded(Decoded const& text) {
    return replaced(text, "%", percentAt);
}

std::optional<Decoded> formDecoded(Decoded const& text) {
    return replaced(text, "%+", [](std::string_view bytes, std::size_t at) {
        return bytes[at] == '+' ? std::optional(Meaning{" ", 1}) : percentAt(bytes, at);
    });
}

/// Of JSON, and the \xNN of C and of our own reports.
std::optional<Meaning> escapeAt(std::string_view text, std::size_t at) {
    char const letter = at + 1 < text.size() ? text[at + 1] : '\0';
    constexpr std::string_view letters = "bfnrt";
    constexpr std::string_view meant = "\b\f\n\r\t";
    if (auto const index = letters.find(letter); index != std::string_view::npos) {
        return Meaning{std::string(1, meant[index]), 2};
    }
    if (letter == 'x') {
        auto const byte = numberAt(text, at + 2, 2, 16);
        return byte ? std::optional(Meaning{std::string(1, static_cast<char>(*byte)), 4}) : std::nullopt;
    }
    if (letter == 'u') {
        auto const unit = numberAt(text, at + 2, 4, 16);
        if (!unit) {
            return std::nullopt;
        }
        auto const low = text.substr(at).size() >= 12 && text.substr(at + 6, 2) == "\\u" ? numberAt(text, at + 8, 4, 16)
                                                                                         : std::nullopt;
        bool const pair = *unit >= 0xD800 && *unit < 0xDC00 && low && *low >= 0xDC00 && *low < 0xE000;
        return pair ? Meaning{utf8(0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00)), 12}
                    : Meaning{utf8(*unit), 6};
    }
    bool const escaped = letter == '"' || letter == '\\' || letter == '/' || letter == '\'';
    return escaped ? std::optional(Meaning{std::string(1, letter), 2}) : std::nullopt;
}

std::optional<Decoded> unescaped(Decoded const& text) {
    return replaced(text, "\\", escapeAt);
}

std::optional<Meaning> entityAt(std::string_view text, std::size_t at) {
    constexpr std::array<std::pair<std::string_view, char>, 5> named{
        {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
    std::string_view const rest = text.substr(at);
    for (auto const& [entity, character] : named) {
        if (rest.starts_with(entity)) {
            return Meaning{std::string(1, character), entity.size()};
        }
    }
    if (!rest.starts_with("&#") || rest.size() < 4) {
        return std::nullopt;
    }
    bool const hex = rest[2] == 'x' || rest[2] == 'X';
    std::size_t const digits = hex ? 3 : 2;
    std::size_t length = 0;
    auto const point = numberAt(rest, digits, 0, hex ? 16 : 10, &length);
    bool const ended = digits + length < rest.size() && rest[digits + length] == ';';
    if (!point || !ended || *point > 0x10FFFF) {
        return std::nullopt;
    }
    return Meaning{utf8(*point), digits + length + 1};
}

std::optional<Decoded> withoutEntities(Decoded const& text) {
    return replaced(text, "&", entityAt);
}

/// An apostrophe within a shell's apostrophes.
std::optional<Decoded> unquoted(Decoded const& text) {
    return replaced(text, "'", [](std::string_view bytes, std::size_t at) {
        return bytes.substr(at).starts_with("'\\''") ? std::optional(Meaning{"'", 4}) : std::nullopt;
    });
}

/// Bits of the digits of base64 and base64url; -1 for other characters.
std::array<int, 256> const& base64Values() {
    static std::array<int, 256> const all = [] {
        std::array<int, 256> values{};
        values.fill(-1);
        int value = 0;
        for (char const c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")) {
            values[static_cast<unsigned char>(c)] = value++;
        }
        values['-'] = values['+'];
        values['_'] = values['/'];
        return values;
    }();
    return all;
}

std::array<int, 256> const& hexValues() {
    static std::array<int, 256> const all = [] {
        std::array<int, 256> values{};
        values.fill(-1);
        for (int c = 0; c < 256; ++c) {
            char const digit = static_cast<char>(c);
            if (isHex(digit)) {
                values[static_cast<std::size_t>(c)] = static_cast<int>(*numberAt({&digit, 1}, 0, 1, 16));
            }
        }
        return values;
    }();
    return all;
}

/// Every run of digits decoded, a NUL after each. Where the encoded text began within the run nobody knows: `phase`
/// digits are left out.
std::optional<Decoded> digitsDecoded(Decoded const& text, std::array<int, 256> const& values, unsigned bitsOfDigit,
                                     std::size_t phase, std::size_t shortest) {
    Decoded result;
    auto const valueAt = [&](std::size_t at) { return values[static_cast<unsigned char>(text.bytes[at])]; };
    for (std::size_t begin = 0; begin < text.bytes.size();) {
        std::size_t end = begin;
        while (end < text.bytes.size() && valueAt(end) >= 0) {
            ++end;
        }
        if (end - begin >= shortest) {
            unsigned bits = 0;
            unsigned have = 0;
            for (std::size_t at = begin + phase; at < end; ++at) {
                bits = (bits << bitsOfDigit | static_cast<unsigned>(valueAt(at))) & 0xFFFFU;
                have += bitsOfDigit;
                if (have >= 8) {
                    have -= 8;
                    result.bytes += static_cast<char>(bits >> have & 0xFFU);
                    result.origin.push_back(text.origin[at]);
                }
            }
            result.bytes += '\0';
            result.origin.push_back(text.origin[end - 1]);
        }
        begin = end + 1;
    }
    return result.bytes.empty() ? std::nullopt : std::optional(std::move(result));
}

Step base64Decoded(std::size_t phase) {
    return [phase](Decoded const& text) { return digitsDecoded(text, base64Values(), 6, phase, 11); };
}

Step hexDecoded(std::size_t phase) {
    return [phase](Decoded const& text) { return digitsDecoded(text, hexValues(), 4, phase, 16); };
}

/// Undoes one after the other; a step that finds nothing to undo makes it the reading of fewer steps.
Reading reading(std::string name, std::vector<Step> steps) {
    return {std::move(name), [steps = std::move(steps)](std::string_view text) -> std::optional<Decoded> {
                Decoded decoded{std::string(text), std::vector<std::size_t>(text.size())};
                std::iota(decoded.origin.begin(), decoded.origin.end(), std::size_t{0});
                for (Step const& step : steps) {
                    auto next = step(decoded);
                    if (!next) {
                        return std::nullopt;
                    }
                    decoded = *std::move(next);
                }
                return decoded;
            }};
}

std::vector<Reading> allReadings() {
    std::vector<Reading> all{
        reading("literal", {}),
        reading("percent-encoded", {percentDecoded}),
        reading("form-encoded", {formDecoded}),
        reading("escaped", {unescaped}),
        reading("escaped twice", {unescaped, unescaped}),
        reading("escaped three times", {unescaped, unescaped, unescaped}),
        reading("in XML", {withoutEntities}),
        reading("escaped in XML", {withoutEntities, unescaped}),
        reading("in XML, escaped", {unescaped, withoutEntities}),
        reading("percent-encoded in XML", {withoutEntities, percentDecoded}),
        reading("escaped, percent-encoded", {percentDecoded, unescaped}),
        reading("in a shell's word", {unquoted}),
        reading("escaped in a shell's word", {unquoted, unescaped}),
        reading("in hex", {hexDecoded(0)}),
        reading("in hex", {hexDecoded(1)}),
    };
    for (std::size_t phase = 0; phase < 4; ++phase) {
        all.push_back(reading("in base64", {base64Decoded(phase)}));
        all.push_back(reading("escaped in base64", {base64Decoded(phase), unescaped}));
        all.push_back(reading("percent-encoded in base64", {base64Decoded(phase), percentDecoded}));
        all.push_back(reading("in base64, escaped", {unescaped, base64Decoded(phase)}));
        all.push_back(reading("in base64, percent-encoded", {percentDecoded, base64Decoded(phase)}));
    }
    return all;
}

} // namespace

std::vector<Reading> const& readings() {
    static std::vector<Reading> const all = allReadings();
    return all;
}

} // namespace leaks
