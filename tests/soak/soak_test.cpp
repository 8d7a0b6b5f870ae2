// One run of load; each case is a promise about it. See README.md.

#include "accounting.hpp"
#include "run.hpp"
#include "table.hpp"

#include <boost/test/unit_test.hpp>

#include <iostream>

namespace {

using namespace soak;

/// The run that all cases are about; the first one makes it.
Run const& run() {
    static Run const result = [] {
        auto run = runSoak(settingsOfEnvironment());
        std::cout << table(run) << std::flush;
        for (auto const& p : run.samples)
            std::cerr << p.at << ' ' << p.heap << ' ' << p.logins << ' ' << p.process.descriptors << ' '
                      << p.process.threads << '\n';
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
    std::uint64_t spoiled = 0;
    for (auto const& [name, count] : run().server.loginFaults) {
        spoiled += count;
    }
    BOOST_TEST(granted <= idealLogins(run().settings, run().seconds, revocations()));
    BOOST_TEST(requests == granted + spoiled);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
