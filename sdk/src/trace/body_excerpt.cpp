#include "trace/body_excerpt.hpp"

#include <httptest/redactor.hpp>

#include <algorithm>
#include <cstddef>

namespace httptest::inline v1 {

namespace {

/// What is redacted before it is cut to `shownBytes`.
constexpr std::size_t examinedBytes = std::size_t{64} * 1024;
constexpr std::size_t shownBytes = 2000;

std::string sizeInAll(std::string_view body) {
    return "(" + std::to_string(body.size()) + " bytes in all)";
}

} // namespace

std::string bodyExcerpt(Headers const& headers, std::string_view body) {
    std::string const* const encoding = headers.find("Content-Encoding");
    if (encoding != nullptr && !equalsIgnoringCase(*encoding, "identity") && !body.empty()) {
        return "encoded as " + *encoding + " " + sizeInAll(body);
    }
    std::string_view examined = body.substr(0, examinedBytes);
    if (examined.size() < body.size()) {
        // Not in the middle of what may be a token.
        examined = examined.substr(0, examined.find_last_of(" \t\r\n,\"") + 1);
    }
    std::string shown = redacted(examined);
    if (shown.size() <= shownBytes && examined.size() == body.size()) {
        return shown;
    }
    shown.resize(std::min(shown.size(), shownBytes));
    return shown.append("\n… ").append(sizeInAll(body));
}

} // namespace httptest::v1
