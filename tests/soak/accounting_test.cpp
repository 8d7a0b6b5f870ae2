// That the soak's accounting notices what it is there for, without any load.

#include "accounting.hpp"
#include "process_state.hpp"
#include "server_record.hpp"
#include "trend.hpp"

#include <httptest/error.hpp>

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace soak;

/// A run in which one call of each kind ended well.
struct Accounts {
    Accounts() {
        run.client.sent = 1;
        count(Outcome::reply(201), 1);
        run.client.posts.push_back({7, Outcome::reply(201)});
        run.server.replies[201] = 1;
        run.server.posts[7] = {.arrivals = 1, .refused = 0, .carriedOut = 1};
    }

    void count(Outcome outcome, std::uint64_t times) { run.client.outcomes.at(outcome.index()) = times; }
    Complaints posts() const { return repeatedPosts(run.client.posts, run.server.posts); }

    Run run;
    Outcome const lost = Outcome::of(httptest::ConnectionLost(httptest::Phase::send, "lost"));
};

std::vector<Sample> growing(double bytesASecond, std::size_t noise, int seconds) {
    std::vector<Sample> samples;
    for (int second = 1; second <= seconds; ++second) {
        auto const heap = 1e7 + bytesASecond * second + (second % 2 == 0 ? static_cast<double>(noise) : 0);
        samples.push_back({static_cast<double>(second), static_cast<std::size_t>(heap), 0, 0, {}});
    }
    return samples;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(Accounting, Accounts)

BOOST_AUTO_TEST_CASE(has_no_complaint_about_a_run_in_which_all_went_well) {
    BOOST_TEST(lostCalls(run.client).empty());
    BOOST_TEST(lostReplies(run).empty());
    BOOST_TEST(unexplainedErrors(run).empty());
    BOOST_TEST(posts().empty());
}

BOOST_AUTO_TEST_CASE(notices_a_call_that_never_ended) {
    run.client.sent = 2;
    BOOST_TEST(lostCalls(run.client).size() == 1U);
}

BOOST_AUTO_TEST_CASE(notices_a_reply_to_another_call) {
    run.client.foreignReplies = 1;
    BOOST_TEST(lostCalls(run.client).size() == 1U);
}

BOOST_AUTO_TEST_CASE(notices_an_exception_that_is_none_of_ours) {
    count(Outcome::of(std::runtime_error("bare")), 1);
    run.client.sent = 2;
    BOOST_TEST(lostCalls(run.client).size() == 1U);
    BOOST_TEST(unexplainedErrors(run).size() == 1U);
}

BOOST_AUTO_TEST_CASE(notices_a_reply_that_did_not_arrive_and_one_that_was_never_sent) {
    run.server.replies[201] = 2;
    BOOST_TEST(lostReplies(run).size() == 1U);
    run.server.replies[201] = 1;
    count(Outcome::reply(404), 1);
    BOOST_TEST(lostReplies(run).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_401_reaches_a_test_only_where_a_login_was_spoiled) {
    run.server.replies[401] = 3;
    BOOST_TEST(lostReplies(run).empty());
    count(Outcome::reply(401), 1);
    BOOST_TEST(lostReplies(run).size() == 1U);
    run.server.loginFaults["429"] = 1;
    BOOST_TEST(lostReplies(run).empty());
}

BOOST_AUTO_TEST_CASE(lost_connections_need_a_spoiled_one_each) {
    count(lost, 2);
    run.server.faults["reset"] = 1;
    BOOST_TEST(unexplainedErrors(run).size() == 1U);
    run.server.faults["cut"] = 1;
    BOOST_TEST(unexplainedErrors(run).empty());
}

BOOST_AUTO_TEST_CASE(login_errors_need_a_spoiled_login) {
    count(Outcome::of(httptest::LoginThrottled("later")), 1);
    BOOST_TEST(unexplainedErrors(run).size() == 1U);
    run.server.loginFaults["429"] = 1;
    BOOST_TEST(unexplainedErrors(run).empty());
}

BOOST_AUTO_TEST_CASE(errors_of_other_kinds_are_never_explained) {
    run.server.faults["late"] = 10;
    run.server.faults["reset"] = 10;
    count(Outcome::of(httptest::TimedOut(httptest::Phase::firstByte, "late")), 1);
    BOOST_TEST(unexplainedErrors(run).size() == 1U);
}

BOOST_AUTO_TEST_CASE(notices_a_post_that_was_carried_out_twice) {
    run.server.posts[7] = {.arrivals = 2, .refused = 0, .carriedOut = 2};
    BOOST_TEST(posts().size() == 2U);
}

BOOST_AUTO_TEST_CASE(notices_a_post_that_was_sent_twice_though_it_was_carried_out_once) {
    run.server.posts[7] = {.arrivals = 2, .refused = 0, .carriedOut = 1};
    BOOST_TEST(posts().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_post_may_be_sent_again_after_a_401) {
    run.server.posts[7] = {.arrivals = 2, .refused = 1, .carriedOut = 1};
    BOOST_TEST(posts().empty());
}

BOOST_AUTO_TEST_CASE(notices_an_answered_post_that_the_server_never_carried_out) {
    run.server.posts.clear();
    BOOST_TEST(posts().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_lost_post_may_or_may_not_be_carried_out) {
    run.client.posts = {{7, lost}, {8, lost}};
    BOOST_TEST(posts().empty());
}

BOOST_AUTO_TEST_CASE(notices_a_post_that_nobody_sent) {
    run.server.posts[9] = {.arrivals = 1, .refused = 0, .carriedOut = 1};
    BOOST_TEST(posts().size() == 1U);
}

BOOST_AUTO_TEST_CASE(complaints_stay_few) {
    for (std::uint64_t number = 100; number < 200; ++number) {
        run.client.posts.push_back({number, Outcome::reply(201)});
    }
    BOOST_TEST(posts().size() == 10U);
}

BOOST_AUTO_TEST_CASE(logins_are_one_at_the_start_and_one_for_each_end_of_a_token) {
    Settings settings; // tokens of 10 s serve for 7 s
    settings.identities = 2;
    BOOST_TEST(idealLogins(settings, 6.9, 0) == 2U);
    BOOST_TEST(idealLogins(settings, 7.1, 0) == 4U);
    BOOST_TEST(idealLogins(settings, 21.1, 3) == 11U);
}

BOOST_AUTO_TEST_CASE(a_leak_is_a_slope_and_noise_is_none) {
    run.seconds = 600;
    run.samples = growing(0, 100'000, 600);
    BOOST_TEST(std::abs(slope(steadyHeap(run))) < 10);
    run.samples = growing(500, 100'000, 600);
    BOOST_TEST(slope(steadyHeap(run)) > 490);
    run.samples = growing(-500, 0, 600);
    BOOST_TEST(slope(steadyHeap(run)) < -490);
}

BOOST_AUTO_TEST_CASE(what_grows_in_the_first_minute_is_no_slope) {
    run.seconds = 600;
    run.samples = growing(0, 0, 600);
    for (std::size_t second = 0; second < 59; ++second) {
        run.samples.at(second).heap = 1'000 * second;
    }
    BOOST_TEST(std::abs(slope(steadyHeap(run))) < 1);
}

BOOST_AUTO_TEST_CASE(tokens_that_the_redactor_remembers_are_no_slope) {
    run.seconds = 1'200;
    run.bytesPerToken = 4'000;
    run.samples = growing(0, 0, 1'200);
    for (auto& sample : run.samples) { // a login a second, each remembered until 10 minutes after the token's end
        auto const remembered = static_cast<std::size_t>(std::min(sample.at, 610.0));
        sample.logins = static_cast<std::uint64_t>(sample.at);
        sample.heap += remembered * run.bytesPerToken;
    }
    BOOST_TEST(std::abs(slope(steadyHeap(run))) < 1);
}

BOOST_AUTO_TEST_CASE(few_points_have_no_slope) {
    BOOST_TEST(slope({}) == 0);
    BOOST_TEST(slope({{1, 5}}) == 0);
    BOOST_TEST(slope({{1, 5}, {1, 9}}) == 0);
}

BOOST_AUTO_TEST_CASE(the_process_sees_its_own_heap_and_descriptors) {
    auto const heap = liveHeap();
    auto const descriptors = openDescriptors();
    std::string const block(1'000'000, 'x');
    int const descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    BOOST_TEST(liveHeap() >= heap + block.size());
    BOOST_TEST(openDescriptors() == descriptors + 1);
    ::close(descriptor);
    BOOST_TEST(openDescriptors() == descriptors);
    BOOST_TEST(livingThreads() >= 1U);
}

BOOST_AUTO_TEST_CASE(a_servers_record_survives_its_pipe) {
    run.server.arrivals = 12;
    run.server.faults["cut"] = 3;
    run.server.loginFaults["429"] = 4;
    run.server.refusedRevoked = 5;
    run.server.refusedOtherwise = 6;
    run.server.logins["soak-1"] = {.requests = 8, .granted = 7};
    std::stringstream pipe;
    write(run.server, pipe);
    auto const read = readServerRecord(pipe);
    BOOST_TEST(read.arrivals == 12U);
    BOOST_TEST(read.faults.at("cut") == 3U);
    BOOST_TEST(read.loginFaults.at("429") == 4U);
    BOOST_TEST(read.refusedRevoked == 5U);
    BOOST_TEST(read.refusedOtherwise == 6U);
    BOOST_TEST(read.replies.at(201) == 1U);
    BOOST_TEST(read.logins.at("soak-1").granted == 7U);
    BOOST_TEST(read.posts.at(7).carriedOut == 1U);
}

BOOST_AUTO_TEST_CASE(a_servers_record_that_is_cut_short_is_none) {
    for (char const* const text : {"", "counts 1 2 3 4\n", "nonsense 1\nend\n", "post 1\nend\n"}) {
        std::istringstream pipe(text);
        BOOST_CHECK_THROW(readServerRecord(pipe), std::runtime_error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
