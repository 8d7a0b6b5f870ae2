#pragma once

#include <httptest/abi.hpp>

namespace httptest::inline v1 {

/// A place in a test's source, taken where a defaulted argument is written, so that failures point at the caller.
///
/// `std::source_location` does the same; clang 14, our floor, cannot compile libstdc++'s.
/// `file` points at a string literal and never dangles.
struct Location {
    char const* file = "";
    unsigned line = 0;

    static constexpr Location current(char const* file = __builtin_FILE(), unsigned line = __builtin_LINE()) noexcept {
        return {file, line};
    }
};

} // namespace httptest::v1
