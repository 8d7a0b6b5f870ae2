#include "support/lifecycle_model.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <random>

namespace {

namespace data = boost::unit_test::data;

constexpr int eventsPerSeed = 4000;
std::uint32_t const seeds[] = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597};

} // namespace

BOOST_AUTO_TEST_SUITE(lifecycle_model)

BOOST_DATA_TEST_CASE(invariants_hold_over_random_events, data::make(seeds), seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
        std::minstd_rand random(seed);
        httptest::model::LifecycleModel model(
            [&](std::uint32_t below) { return std::uniform_int_distribution<std::uint32_t>(0, below - 1)(random); },
            [](bool held, char const* promise) { BOOST_TEST(held, promise); });
        for (int i = 0; i < eventsPerSeed; ++i) {
            model.step();
        }
        BOOST_TEST(model.logins() > 10);
        BOOST_TEST(model.uses() > 100);
    }
}

BOOST_AUTO_TEST_SUITE_END()
