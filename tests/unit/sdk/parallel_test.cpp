#include "session_support.hpp"
#include "thrown_reports.hpp"

#include <httptest/parallel.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <set>
#include <stdexcept>
#include <string>

namespace {

using namespace session_support;
using httptest::parallel;

} // namespace

BOOST_FIXTURE_TEST_SUITE(in_parallel, HarnessOverScript)

BOOST_AUTO_TEST_CASE(every_index_runs_once_and_sessions_are_shared) {
    transport.otherwise([](auto const&) { return httptest::testing::jsonReply(200, "{}"); });
    auto const shared = session();
    std::atomic<unsigned> indices = 0;
    parallel(8, [&](std::size_t i) {
        shared.get("/x").send().requireStatus(200);
        indices += 1U << (4 * i);
    });
    BOOST_TEST(indices == 0x11111111U);
    BOOST_TEST(transport.requestCount() == 8U);
    BOOST_TEST(script->logins == 1);
}

BOOST_AUTO_TEST_CASE(all_end_before_an_exception_leaves) {
    std::atomic<int> ended = 0;
    BOOST_CHECK_EXCEPTION(parallel(4,
                                   [&](std::size_t i) {
                                       ++ended;
                                       if (i == 2) {
                                           throw std::out_of_range("of thread 2");
                                       }
                                   }),
                          std::out_of_range, [](auto const& error) { return holds(error.what(), "of thread 2"); });
    BOOST_TEST(ended == 4);
}

BOOST_AUTO_TEST_CASE(whatever_is_thrown_leaves) {
    BOOST_CHECK_THROW(parallel(3, [](std::size_t) { throw 7; }), int);
    script->onLogin = [](int) { throw httptest::CredentialsRejected("invalid_client"); };
    BOOST_CHECK_THROW(parallel(3, [&](std::size_t) { session().get("/x").send(); }), httptest::CredentialsRejected);
}

BOOST_AUTO_TEST_CASE(counts_that_make_no_sense_are_refused) {
    BOOST_CHECK_THROW(parallel(0, [](std::size_t) {}), httptest::InvalidRequest);
    BOOST_CHECK_THROW(parallel(1001, [](std::size_t) {}), httptest::InvalidRequest);
    BOOST_CHECK_THROW(parallel(static_cast<std::size_t>(-1), [](std::size_t) {}), httptest::InvalidRequest);
}

BOOST_AUTO_TEST_SUITE_END()
