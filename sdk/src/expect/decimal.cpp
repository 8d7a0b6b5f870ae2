#include "expect/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

namespace httptest::inline v1 {

namespace {

constexpr std::int64_t mostDigitsOfInteger = 20; // 2^64 - 1

/// Numbers whose exponents need 15 digits or more are taken for equally large.
std::int64_t exponentOf(std::string_view text) noexcept {
    constexpr std::int64_t largest = 1'000'000'000'000'000;
    if (text.starts_with('+')) {
        text.remove_prefix(1);
    }
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) {
        return text.starts_with('-') ? -largest : largest;
    }
    return std::clamp(value, -largest, largest);
}

} // namespace

Decimal::Decimal(std::string_view number) : negative_(number.starts_with('-')) {
    number.remove_prefix(negative_ ? 1 : 0);
    auto const e = number.find_first_of("eE");
    std::int64_t const power = e == std::string_view::npos ? 0 : exponentOf(number.substr(e + 1));
    std::string_view const mantissa = number.substr(0, e);
    auto const point = std::min(mantissa.find('.'), mantissa.size());
    digits_ = mantissa.substr(0, point);
    digits_.append(mantissa.substr(std::min(point + 1, mantissa.size())));
    auto const zeros = std::min(digits_.find_first_not_of('0'), digits_.size());
    digits_.erase(0, zeros);
    digits_.erase(digits_.find_last_not_of('0') + 1);
    if (digits_.empty()) {
        negative_ = false; // -0 is 0
    } else {
        exponent_ = power + static_cast<std::int64_t>(point) - static_cast<std::int64_t>(zeros);
    }
}

bool Decimal::whole() const noexcept {
    return digits_.empty() || exponent_ >= static_cast<std::int64_t>(digits_.size());
}

std::optional<std::uint64_t> Decimal::asUnsigned() const noexcept {
    if (negative_ || !whole() || exponent_ > mostDigitsOfInteger) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    for (std::int64_t i = 0; i < exponent_; ++i) {
        auto const place = static_cast<std::size_t>(i);
        auto const digit = static_cast<std::uint64_t>(place < digits_.size() ? digits_[place] - '0' : 0);
        if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) {
            return std::nullopt;
        }
        value = value * 10 + digit;
    }
    return value;
}

std::optional<std::int64_t> Decimal::asSigned() const noexcept {
    Decimal magnitude = *this;
    magnitude.negative_ = false;
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    std::optional<std::uint64_t> const value = magnitude.asUnsigned();
    if (!value || *value > most + (negative_ ? 1 : 0)) {
        return std::nullopt;
    }
    return negative_ ? static_cast<std::int64_t>(~*value + 1) : static_cast<std::int64_t>(*value);
}

std::strong_ordering operator<=>(Decimal const& a, Decimal const& b) noexcept {
    auto const sign = [](Decimal const& number) { return number.digits_.empty() ? 0 : number.negative_ ? -1 : 1; };
    if (sign(a) != sign(b)) {
        return sign(a) <=> sign(b);
    }
    Decimal const& left = a.negative_ ? b : a; // negative ones are ordered the other way round
    Decimal const& right = a.negative_ ? a : b;
    std::strong_ordering const scale = left.exponent_ <=> right.exponent_;
    // No digits end in a zero, so that a prefix is the smaller one.
    return std::is_neq(scale) ? scale : left.digits_ <=> right.digits_;
}

} // namespace httptest::v1
