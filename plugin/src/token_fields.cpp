#include "token_fields.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <system_error>
#include <variant>

namespace runai {

namespace {

/// A lifetime beyond this is a mistake of somebody's, not a plan.
constexpr std::int64_t longestLifetime = std::int64_t{10} * 365 * 24 * 3600;

/// Tokens are about 1.5 kB; no server accepts headers of this size.
constexpr std::size_t longestToken = std::size_t{64} * 1024;

LifetimeField lifetimeOf(std::int64_t seconds) {
    if (seconds < 0 || seconds > longestLifetime) {
        return {false, {}};
    }
    // RFC 6749 knows no zero; servers send it for "not told".
    return seconds == 0 ? LifetimeField{} : LifetimeField{true, std::chrono::seconds(seconds)};
}

/// What may stand behind "Bearer " in a header: visible ASCII. RFC 6750's b64token is narrower, servers are not.
bool fitsIntoHeader(std::string_view token) noexcept {
    return std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

} // namespace

LifetimeField readLifetime(FieldValue const* field) {
    if (field == nullptr || std::holds_alternative<std::nullptr_t>(*field)) {
        return {};
    }
    if (auto const* const number = std::get_if<std::int64_t>(field)) {
        return lifetimeOf(*number);
    }
    if (auto const* const number = std::get_if<std::uint64_t>(field)) {
        return lifetimeOf(*number > static_cast<std::uint64_t>(longestLifetime) ? -1
                                                                                : static_cast<std::int64_t>(*number));
    }
    if (auto const* const number = std::get_if<double>(field)) {
        bool const whole =
            *number >= 0 && *number <= static_cast<double>(longestLifetime) && std::trunc(*number) == *number;
        return lifetimeOf(whole ? static_cast<std::int64_t>(*number) : -1);
    }
    if (auto const* const text = std::get_if<std::string>(field)) {
        std::int64_t seconds = 0;
        auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
        bool const number = error == std::errc() && end == text->data() + text->size();
        return lifetimeOf(number ? seconds : -1);
    }
    return {false, {}};
}

std::string faultOfToken(std::string_view token) {
    if (token.empty()) {
        return "is empty";
    }
    if (token.size() > longestToken) {
        return "is longer than 64 kB";
    }
    return fitsIntoHeader(token) ? "" : "holds white space, control characters or non-ASCII text";
}

} // namespace runai
