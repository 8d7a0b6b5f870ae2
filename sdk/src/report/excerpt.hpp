#pragma once

#include <httptest/headers.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// What is looked at of a text for an excerpt of it.
inline constexpr std::size_t examinedBytes = std::size_t{64} * 1024;

struct Excerpt {
    std::string text;
    bool whole = true; ///< Nothing was cut off.
};

/// The start of a text from outside that may be shown. It is redacted before it is cut, so that no secret is cut in two
/// and escapes.
Excerpt redactedExcerpt(std::string_view text, std::size_t limit);

/// What stands for an encoded body: "encoded as gzip (5 bytes in all)". Whoever reads the text could decode it, and the
/// redactor finds no secret in it. Empty for a body that is not encoded.
std::string encodedBody(Headers const& headers, std::string_view body);

/// The part of a text that `redactedExcerpt` looks at: the whole, or what ends between two words.
std::string_view examinedPart(std::string_view text) noexcept;

/// At most `limit` bytes, ending between two characters of UTF-8.
std::string_view cutText(std::string_view text, std::size_t limit) noexcept;

} // namespace httptest::v1
