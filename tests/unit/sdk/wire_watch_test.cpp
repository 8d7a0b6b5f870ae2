#include "support/contains.hpp"
#include "wire/text.hpp"
#include "wire/watch.hpp"

#include <httptest/secret.hpp>

#include <boost/test/unit_test.hpp>

#include <sys/eventfd.h>

#include <array>
#include <chrono>
#include <stop_token>
#include <string>

using namespace httptest;
using namespace httptest::wire;
using namespace std::chrono_literals;

namespace {

struct WatchFixture {
    Request const request{"GET", Url::parse("http://api.test/x"), {}, {}};
    Descriptor const silent{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    Descriptor const readable{::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::stop_source stop;
    std::stop_token const never; ///< A Watch borrows its token.
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(Watch_, WatchFixture)

BOOST_AUTO_TEST_CASE(later_stops_at_the_end_of_time) {
    auto const now = BootClock::now();
    BOOST_TEST((later(now, 5ns) == now + 5ns));
    BOOST_TEST((later(now, std::chrono::nanoseconds::max()) == SteadyTime::max()));
    BOOST_TEST((later(SteadyTime::max(), 1ns) == SteadyTime::max()));
}

BOOST_AUTO_TEST_CASE(ends_at_the_earlier_of_the_two_limits) {
    auto const now = BootClock::now();
    BOOST_CHECK_THROW(Watch(request, now - 1ns, 1h, never).check(now), TimedOut);
    Watch const watch(request, now + 1h, 1min, never);
    watch.check(watch.start() + 1min - 1ns);
    BOOST_CHECK_THROW(watch.check(watch.start() + 1min), TimedOut);
}

BOOST_AUTO_TEST_CASE(says_what_it_did_and_for_how_long) {
    Watch watch(request, SteadyTime::max(), 2s, never);
    watch.enter(Phase::firstByte);
    try {
        watch.check(watch.start() + 2100ms);
        BOOST_FAIL("not timed out");
    } catch (TimedOut const& failure) {
        BOOST_TEST(failure.what() == "GET http://api.test/x timed out after 2.1 s while " +
                                         std::string(describe(Phase::firstByte)) + " (limit 2.0 s)");
    }
}

BOOST_AUTO_TEST_CASE(shows_no_beginning_of_a_secret_where_it_cuts_an_address) {
    Secret const secret(std::string("a-secret-that-is-cut-in-its-middle"));
    Request const longOne{
        "GET", Url::parse("http://api.test/" + std::string(270, 'x') + std::string(secret.reveal())), {}, {}};
    Watch const watch(longOne, SteadyTime::max(), 2s, never);
    try {
        watch.check(watch.start() + 3s);
        BOOST_FAIL("not timed out");
    } catch (TimedOut const& failure) {
        BOOST_TEST(!contains(failure.what(), "a-secret"), failure.what());
    }
}

BOOST_AUTO_TEST_CASE(excerpts_show_no_beginning_of_a_secret) {
    Secret const secret(std::string("a-secret-that-is-cut-in-its-middle"));
    BOOST_TEST(excerpt("GET /" + std::string(secret.reveal()), 15) == "\"GET /[redacted]\"");
}

BOOST_AUTO_TEST_CASE(waits_for_events_and_until_a_moment) {
    auto const token = stop.get_token();
    Watch watch(request, SteadyTime::max(), 1h, token);
    BOOST_TEST(watch.wait(readable.get(), POLLIN) == POLLIN);
    BOOST_TEST(watch.wait(silent.get(), POLLIN, BootClock::now() - 1s) == 0);
    BOOST_TEST(watch.wait(silent.get(), POLLIN, BootClock::now() + 2 * tick) ==
               0); // long enough to make the wake descriptor
    std::array<pollfd, 2> both{pollfd{silent.get(), POLLIN, 0}, pollfd{readable.get(), POLLIN, 0}};
    BOOST_TEST(watch.wait(both, SteadyTime::max()));
    BOOST_TEST(both[0].revents == 0);
    BOOST_TEST(both[1].revents == POLLIN);
    stop.request_stop();
    BOOST_CHECK_THROW(watch.wait(silent.get(), POLLIN), Cancelled);
    BOOST_CHECK_THROW(watch.wait(readable.get(), POLLIN), Cancelled); // a stop comes before any event
}

BOOST_AUTO_TEST_SUITE_END()
