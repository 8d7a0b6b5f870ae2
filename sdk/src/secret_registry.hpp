#pragma once

#include <string_view>

namespace httptest::inline v1 {

/// Tells the redactor that a Secret with this text begins to live, and that one has ended.
///
/// A text that was also given an end by `keepOutOfOutput` is forgotten after that end once no Secret holds it; every
/// other text is remembered for good, since what was configured must not show in the last lines of a run either.
void holdSecret(std::string_view text);
void releaseSecret(std::string_view text) noexcept;

} // namespace httptest::v1
