#include "report/excerpt.hpp"

#include <httptest/redactor.hpp>

namespace httptest::inline v1 {

std::string_view examinedPart(std::string_view text) noexcept {
    if (text.size() <= examinedBytes) {
        return text;
    }
    // Not in the middle of what may be a token.
    std::string_view const start = text.substr(0, examinedBytes);
    return start.substr(0, start.find_last_of(" \t\r\n,\"") + 1);
}

std::string_view cutText(std::string_view text, std::size_t limit) noexcept {
    if (text.size() <= limit) {
        return text;
    }
    auto const continues = [text](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U; };
    std::size_t end = limit;
    for (int i = 0; i < 3 && end > 0 && continues(end); ++i) {
        --end;
    }
    return text.substr(0, end);
}

std::string encodedBody(Headers const& headers, std::string_view body) {
    std::string const* const encoding = headers.find("Content-Encoding");
    if (encoding == nullptr || equalsIgnoringCase(*encoding, "identity") || body.empty()) {
        return {};
    }
    return "encoded as " + *encoding + " (" + std::to_string(body.size()) + " bytes in all)";
}

Excerpt redactedExcerpt(std::string_view text, std::size_t limit) {
    std::string_view const examined = examinedPart(text);
    std::string const shown = redacted(examined);
    std::string_view const start = cutText(shown, limit);
    return {std::string(start), start.size() == shown.size() && examined.size() == text.size()};
}

} // namespace httptest::v1
