#include "expect/decimal.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace {

using httptest::Decimal;

} // namespace

BOOST_AUTO_TEST_SUITE(decimal)

BOOST_AUTO_TEST_CASE(numbers_are_what_they_are_worth) {
    std::vector<std::vector<char const*>> const equal = {
        {"0", "-0", "0.0", "-0.0e5", "0e-3"},
        {"100", "1e2", "1E+2", "100.00", "0.1e3", "1000e-1"},
        {"-1.5", "-15e-1", "-1.50"},
        {"0.001", "1e-3", "0.1e-2"},
        {"18446744073709551616", "18446744073709551616.0", "1.8446744073709551616e19"},
        {"1e999", "10e998", "0.1e1000"},
    };
    for (auto const& numbers : equal) {
        for (char const* const left : numbers) {
            for (char const* const right : numbers) {
                BOOST_TEST((Decimal(left) == Decimal(right)), left << " and " << right);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(numbers_are_ordered_exactly) {
    std::vector<char const*> const ascending = {
        "-1e999",
        "-18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775807.5",
        "-9223372036854775807",
        "-2",
        "-1.5",
        "-1e-999",
        "0",
        "1e-999",
        "0.1",
        "0.1000000000000000055511151231257827",
        "0.11",
        "1",
        "1.0000000000000000001",
        "9",
        "10",
        "9007199254740992", // 2^53
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808", // 2^63
        "9223372036854775809",
        "18446744073709551615",
        "18446744073709551616", // 2^64
        "18446744073709551617",
        "1e20",
        "1e999",
        "1e99999999999999999999",
    };
    for (std::size_t i = 0; i < ascending.size(); ++i) {
        for (std::size_t j = 0; j < ascending.size(); ++j) {
            BOOST_TEST(((Decimal(ascending[i]) <=> Decimal(ascending[j])) == (i <=> j)),
                       ascending[i] << " and " << ascending[j]);
        }
    }
}

BOOST_AUTO_TEST_CASE(whole_numbers_are_known) {
    for (char const* const number : {"0", "3", "-3", "3.0", "30e-1", "1e999", "0e-5", "120e-1"}) {
        BOOST_TEST(Decimal(number).whole(), number);
    }
    for (char const* const number : {"0.1", "3.5", "-1e-1", "1e-999", "9007199254740993.5", "12e-1"}) {
        BOOST_TEST(!Decimal(number).whole(), number);
    }
}

BOOST_AUTO_TEST_CASE(integers_convert_up_to_their_ends_and_not_past_them) {
    using Signed = std::numeric_limits<std::int64_t>;
    using Unsigned = std::numeric_limits<std::uint64_t>;
    BOOST_TEST((Decimal("9223372036854775807").asSigned() == Signed::max()));
    BOOST_TEST((Decimal("-9223372036854775808").asSigned() == Signed::min()));
    BOOST_TEST((Decimal("9223372036854775808").asSigned() == std::nullopt));
    BOOST_TEST((Decimal("-9223372036854775809").asSigned() == std::nullopt));
    BOOST_TEST((Decimal("18446744073709551615").asUnsigned() == Unsigned::max()));
    BOOST_TEST((Decimal("18446744073709551616").asUnsigned() == std::nullopt));
    BOOST_TEST((Decimal("184467440737095516150").asUnsigned() == std::nullopt));
    BOOST_TEST((Decimal("1e19").asUnsigned() == 10'000'000'000'000'000'000U));
    BOOST_TEST((Decimal("-1").asUnsigned() == std::nullopt));
    BOOST_TEST((Decimal("-1").asSigned() == -1));
    BOOST_TEST((Decimal("-0.0").asUnsigned() == 0U));
    BOOST_TEST((Decimal("3.0").asSigned() == 3));
    BOOST_TEST((Decimal("3.5").asSigned() == std::nullopt));
    BOOST_TEST((Decimal("1e999999999999999999").asSigned() == std::nullopt));
}

BOOST_AUTO_TEST_SUITE_END()
