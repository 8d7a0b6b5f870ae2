#include "printable.hpp"

#include <httptest/redactor.hpp>

namespace runai {

namespace {

/// Length of the well-formed UTF-8 sequence at the start of `text`, which is not empty; 0 when there is none
/// (Unicode 15, table 3-7).
std::size_t sequenceLength(std::string_view text) noexcept {
    auto const byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    unsigned char const lead = byte(0);
    std::size_t length = 0;
    unsigned char lowest = 0x80;
    unsigned char highest = 0xBF;
    if (lead < 0x80) {
        return 1;
    } else if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
        if (lead == 0xE0) lowest = 0xA0;
        if (lead == 0xED) highest = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        if (lead == 0xF0) lowest = 0x90;
        if (lead == 0xF4) highest = 0x8F;
    }
    if (length == 0 || text.size() < length || byte(1) < lowest || byte(1) > highest) {
        return 0;
    }
    for (std::size_t at = 2; at < length; ++at) {
        if (byte(at) < 0x80 || byte(at) > 0xBF) {
            return 0;
        }
    }
    return length;
}

/// C0, DEL and C1: what a terminal obeys.
bool isControl(std::string_view sequence) noexcept {
    auto const lead = static_cast<unsigned char>(sequence[0]);
    return lead < 0x20 || lead == 0x7F || (lead == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0);
}

} // namespace

std::string printable(std::string_view text, std::size_t limit) {
    constexpr std::string_view ellipsis = "…";
    // First of all: half of a secret, cut at the limit, would be beyond the redactor.
    std::string const safe = httptest::redacted(text);
    std::string result;
    bool spaceDue = false;
    for (std::string_view rest = safe; !rest.empty();) {
        std::size_t const length = sequenceLength(rest);
        std::string_view const sequence = length == 0 ? "?" : rest.substr(0, length);
        rest.remove_prefix(length == 0 ? 1 : length);
        if (sequence == " " || isControl(sequence)) {
            spaceDue = !result.empty();
            continue;
        }
        if (result.size() + (spaceDue ? 1 : 0) + sequence.size() > limit) {
            result += ellipsis;
            break;
        }
        if (spaceDue) {
            result += ' ';
            spaceDue = false;
        }
        result += sequence;
    }
    return result;
}

} // namespace runai
