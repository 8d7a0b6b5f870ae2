#include "redact/remembrance.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace std::chrono_literals;
using httptest::Remembrance;
using httptest::SteadyTime;

BOOST_AUTO_TEST_SUITE(Remembrance_)

BOOST_AUTO_TEST_CASE(of_a_secret_ends_an_hour_after_its_last_holder) {
    SteadyTime const start(1000h);
    Remembrance remembrance;
    remembrance.hold();
    remembrance.hold();
    remembrance.release(start);
    BOOST_TEST(!remembrance.over(start + 10h));
    remembrance.release(start + 10h);
    BOOST_TEST(!remembrance.over(start + 11h - 1ns));
    BOOST_TEST(remembrance.over(start + 11h));
    remembrance.hold();
    BOOST_TEST(!remembrance.over(start + 100h));
    remembrance.release(start + 100h);
    BOOST_TEST(!remembrance.over(start + 101h - 1ns));
    BOOST_TEST(remembrance.over(start + 101h));
}

BOOST_AUTO_TEST_CASE(ends_when_it_was_told_to_and_not_while_it_is_held) {
    SteadyTime const start(1000h);
    Remembrance remembrance;
    remembrance.until(start + 10min);
    remembrance.until(start + 5min);
    BOOST_TEST(!remembrance.over(start + 10min - 1ns));
    BOOST_TEST(remembrance.over(start + 10min));
    remembrance.hold();
    BOOST_TEST(!remembrance.over(start + 10min));
    remembrance.release(start + 11min);
    BOOST_TEST(remembrance.over(start + 11min));
}

BOOST_AUTO_TEST_CASE(for_good_has_no_end) {
    Remembrance remembrance;
    remembrance.hold();
    remembrance.forGood();
    remembrance.until(SteadyTime(1h));
    remembrance.release(SteadyTime(1h));
    BOOST_TEST(!remembrance.over(SteadyTime::max()));
}

BOOST_AUTO_TEST_SUITE_END()
