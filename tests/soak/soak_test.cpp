// One run of load; each case is a promise about it. See README.md.

#include "accounting.hpp"
#include "run.hpp"
#include "table.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

namespace {

using namespace soak;

/// The run that all cases are about; the first one makes it.
Run const& run() {
    static Run const result = [] {
        auto run = runSoak(settingsOfEnvironment());
        std::cout << table(run) << std::flush;
        return run;
    }();
    return result;
}

void requireNone(Complaints const& complaints) {
    for (auto const& complaint : complaints) {
        BOOST_ERROR(complaint);
    }
}

std::uint64_t revocations() {
    auto const found = run().server.faults.find("token-revoked");
    return found == run().server.faults.end() ? 0 : found->second;
}

namespace precondition {

using boost::test_tools::assertion_result;
using Unit = boost::unit_test::test_unit_id;

assertion_result nothingGoesWrong(Unit) {
    return settingsOfEnvironment().faultsPerMille == 0;
}

/// malloc counts what its threads keep for their next calls as given out, which grows for minutes.
assertion_result heapIsExact(Unit) {
    char const* const tunables = std::getenv("GLIBC_TUNABLES"); // NOLINT(concurrency-mt-unsafe): nobody sets it
    assertion_result exact(tunables != nullptr &&
                           std::string_view(tunables).find("tcache_count=0") != std::string_view::npos);
    exact.message() << "set GLIBC_TUNABLES=glibc.malloc.tcache_count=0, as CTest does";
    return exact;
}

} // namespace precondition

BOOST_AUTO_TEST_SUITE(Soak)

BOOST_AUTO_TEST_CASE(every_call_ends_as_its_own_reply_or_a_typed_error) {
    requireNone(lostCalls(run().client));
}

BOOST_AUTO_TEST_CASE(whole_replies_arrive_and_none_is_a_401) {
    requireNone(lostReplies(run()));
}

BOOST_AUTO_TEST_CASE(errors_come_from_spoiled_connections_alone) {
    requireNone(unexplainedErrors(run()));
}

BOOST_AUTO_TEST_CASE(no_post_is_sent_twice_but_after_a_401) {
    requireNone(repeatedPosts(run().client.posts, run().server.posts));
}

BOOST_AUTO_TEST_CASE(no_token_is_refused_but_the_revoked) {
    BOOST_TEST(run().server.refusedOtherwise == 0U);
}

BOOST_AUTO_TEST_CASE(logins_are_near_the_ideal) {
    std::uint64_t granted = 0;
    std::uint64_t requests = 0;
    for (auto const& [client, logins] : run().server.logins) {
        granted += logins.granted;
        requests += logins.requests;
    }
    BOOST_TEST(granted <= idealLogins(run().settings, run().seconds, revocations()));
    BOOST_TEST(requests == granted + sumOf(run().server.loginFaults));
}

BOOST_AUTO_TEST_CASE(where_nothing_goes_wrong_nobody_waits_for_the_next_token,
                     *boost::unit_test::precondition(&precondition::nothingGoesWrong)) {
    BOOST_TEST(waitsAfterTheStart(run()) == 0U);
}

BOOST_AUTO_TEST_CASE(the_live_heap_has_no_slope, *boost::unit_test::precondition(&precondition::heapIsExact)) {
    // A leak of malloc's smallest block at every 64th call is noticed. What the redactor remembers is known to a few per
    // cent: tokens differ a little in their length.
    constexpr double smallestBlock = 32;
    double const calls = static_cast<double>(run().client.sent) / run().seconds;
    double const tokens = static_cast<double>(run().samples.back().logins) / run().seconds;
    BOOST_TEST(slope(steadyHeap(run())) <
               calls * smallestBlock / 64 + tokens * static_cast<double>(run().bytesPerToken) / 20);
}

BOOST_AUTO_TEST_CASE(descriptors_stay_few_and_come_back) {
    // While nothing is under way: a kept connection for each thread; connection and wake-up of each identity's login.
    auto const most =
        run().before.descriptors + static_cast<std::size_t>(run().settings.threads + 2 * run().settings.identities);
    for (auto const& sample : run().samples) {
        BOOST_TEST(sample.process.descriptors <= most);
    }
    BOOST_TEST(run().after.descriptors == run().before.descriptors);
}

BOOST_AUTO_TEST_CASE(threads_stay_few_and_end) {
    auto const most =
        run().before.threads + static_cast<std::size_t>(run().settings.threads + run().settings.identities);
    for (auto const& sample : run().samples) {
        BOOST_TEST(sample.process.threads <= most);
    }
    BOOST_TEST(run().after.threads == run().before.threads);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
