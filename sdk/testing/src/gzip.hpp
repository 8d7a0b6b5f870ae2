#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace httptest::testing {

std::string gzipped(std::string_view text);

/// The same of a text that is `piece` again and again, which need not be there as a whole.
std::string gzipped(std::string_view piece, std::size_t times);

} // namespace httptest::testing
