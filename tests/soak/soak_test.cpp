// One run of load; each case is a promise about it. See README.md.

#include "accounting.hpp"
#include "run.hpp"
#include "table.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>

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

/// The leak that a run must notice, in bytes: malloc's block for the smallest there is, 32 bytes, at every 64th call. In
/// a short run caches still fill, so that only one at every 8th is told from that. Besides, what the redactor remembers
/// is known to a few per cent.
double leastLeakPerCall() {
    constexpr double smallestBlock = 32;
    return run().settings.duration >= std::chrono::minutes(2) ? smallestBlock / 64 : smallestBlock / 8;
}

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

BOOST_AUTO_TEST_CASE(the_live_heap_has_no_slope) {
    double const calls = static_cast<double>(run().client.sent) / run().seconds;
    double const tokens = static_cast<double>(run().samples.back().logins) / run().seconds;
    double const allowed = calls * leastLeakPerCall() + tokens * static_cast<double>(run().bytesPerToken) / 10;
    BOOST_TEST(slope(steadyHeap(run())) < allowed);
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
