#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// The candidate that a typing slip away from `text` would have been meant by; empty when none is near.
std::string nearest(std::string_view text, std::vector<std::string> const& candidates);

} // namespace httptest::v1
