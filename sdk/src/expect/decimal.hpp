#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// A JSON number as what it says, to the last digit: 0.digits × 10^exponent.
///
/// A double holds integers up to 2^53 only, and 0.1 not at all; compared as doubles, ids that differ would be equal.
class Decimal {
public:
    /// @pre `number` is a number of JSON's grammar.
    explicit Decimal(std::string_view number);

    /// Whether it is an integer: 3, 3.0 and 30e-1 are.
    bool whole() const noexcept;

    /// The integer; nothing when it is none or out of range.
    std::optional<std::int64_t> asSigned() const noexcept;
    std::optional<std::uint64_t> asUnsigned() const noexcept;

    friend std::strong_ordering operator<=>(Decimal const& a, Decimal const& b) noexcept;
    friend bool operator==(Decimal const& a, Decimal const& b) noexcept { return std::is_eq(a <=> b); }

private:
    bool negative_ = false;
    std::string digits_; ///< Without zeros at either end; empty for zero.
    std::int64_t exponent_ = 0;
};

} // namespace httptest::v1
