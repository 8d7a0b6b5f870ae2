#pragma once

#include <string_view>

namespace httptest::inline v1 {

/// Tells the redactor that a Secret with this text begins to live, and that one has ended.
///
/// Once no Secret holds it, a text is forgotten after the end that `keepOutOfOutput` gave it, or an hour later: a suite
/// may have an identity for each case. What was given to `keepOutOfOutput` without an end is remembered for good.
void holdSecret(std::string_view text);
void releaseSecret(std::string_view text) noexcept;

} // namespace httptest::v1
