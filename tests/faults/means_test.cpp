#include "memory_peak.hpp"
#include "text_pattern.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace fault_tests {

BOOST_AUTO_TEST_SUITE(text_pattern)

BOOST_AUTO_TEST_CASE(fills_in_values_and_those_within_them) {
    Placeholders const values{{"request", "{method} /x"}, {"method", "GET"}};
    BOOST_TEST(filled("{request}: no", values) == "GET /x: no");
    BOOST_TEST(filled("after {T} s", values) == "after {T} s");
    BOOST_CHECK_THROW(filled("{slip}", values), std::invalid_argument);
    BOOST_CHECK_THROW(filled("{request", values), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(is_exact_but_for_numbers_and_times) {
    BOOST_TEST(matches("after 0.4 s (limit)", "after {T} s (limit)"));
    BOOST_TEST(!matches("after 4 s (limit)", "after {T} s (limit)"));
    BOOST_TEST(!matches("after 0.4 s (limit) and more", "after {T} s (limit)"));
    BOOST_TEST(!matches("xyz", "x.z"));
    BOOST_TEST(matches("lost", "lost{again}"));
    BOOST_TEST(matches("lost (after 2 attempts; attempt 1: gone)", "lost{again}"));
    BOOST_TEST(!matches("lost (again)", "lost{again}"));
    BOOST_TEST(matches("on Nov 23 19:07:49 2026 GMT", "on {DATE}"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(memory_peak)

BOOST_AUTO_TEST_CASE(sees_what_any_thread_had_at_once) {
    constexpr std::size_t size = 3'000'000;
    MemoryPeak const peak;
    std::thread([] { auto const block = std::make_unique<char[]>(size); }).join();
    auto const one = peak.bytes();
    BOOST_TEST(one >= size);
    std::thread([] { auto const block = std::make_unique<char[]>(size); }).join();
    BOOST_TEST(peak.bytes() < one + size / 2);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace fault_tests
