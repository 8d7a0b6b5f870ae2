#pragma once

#include <cstdint>

namespace httptest::bench {

/// How often the program has allocated so far. Only for programs that link allocations.cpp, which replaces `new`.
std::uint64_t allocations() noexcept;

} // namespace httptest::bench
