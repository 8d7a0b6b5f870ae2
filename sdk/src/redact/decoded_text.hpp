#pragma once

#include <httptest/abi.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// Where something stands in a text.
struct TextSpan {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// What a text says when encodings are undone, and where it says it.
class DecodedText {
public:
    /// As it is written.
    explicit DecodedText(std::string_view text);

    std::string const& text() const noexcept { return text_; }

    /// Whether the character there stands for an escape of the original.
    bool isEscape(std::size_t at) const noexcept { return !origins_.empty() && origins_[at + 1] - origins_[at] != 1; }

    /// The part of the original that says what stands there; no escape is cut in two.
    TextSpan origin(TextSpan const& span) const noexcept;

private:
    friend class EscapeDecoder;
    DecodedText() = default;

    std::string text_;
    std::vector<std::size_t>
        origins_; ///< Of each character; and the end of the original. Empty when all are their own.
};

/// `text` as it is, and as those read it who undo the escapes of URLs, forms, JSON, HTML, and those of one within another.
///
/// What looks like an escape may be none, a secret may have a `%41` in it; so there is a reading with each kind left alone.
std::vector<DecodedText> readingsOf(std::string_view text);

} // namespace httptest::v1
