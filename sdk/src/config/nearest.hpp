#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// The candidate that a typing slip away from `text` would have been meant by; empty when none is near.
/// @param limit  How many letters may differ; a third of them at most.
std::string nearest(std::string_view text, std::vector<std::string> const& candidates, std::size_t limit = SIZE_MAX);

} // namespace httptest::v1
