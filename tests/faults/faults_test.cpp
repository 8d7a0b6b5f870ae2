#include "fault_table.hpp"
#include "memory_peak.hpp"
#include "scene.hpp"
#include "text_pattern.hpp"
#include "timing.hpp"

#include "support/canary.hpp"
#include "support/contains.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace fault_tests {

namespace {

namespace data = boost::unit_test::data;

/// The most that a call may take: a few copies of what it uploads, and of the longest body that it takes.
std::size_t mostMemory(FaultRow const& row) {
    constexpr std::size_t copiesOfReplies = std::size_t{4} << 20;
    return copiesOfReplies + 6 * row.client.uploadBytes;
}

void checkOutcome(Ended const& ended, Outcome const& expected, Placeholders const& placeholders) {
    BOOST_TEST(ended.error == expected.error, "it ended with " << (ended.error.empty() ? "a reply" : ended.error)
                                                               << ", not " << expected.error << ": " << ended.text);
    if (expected.error.empty()) {
        BOOST_TEST(ended.status == expected.status);
    }
    auto const pattern = filled(expected.text, placeholders);
    BOOST_TEST(matches(ended.text, pattern), "the text is\n  " << ended.text << "\nand not\n  " << pattern);
    for (auto const secret : {canary::accessToken, canary::clientSecret, canary::proxyPassword}) {
        BOOST_TEST(!contains(ended.text, secret), "a secret in: " << ended.text);
        BOOST_TEST(!contains(ended.text, httptest::percentEncode(secret)), "a secret in: " << ended.text);
    }
}

/// Nothing but new settings helps: no other attempt is made.
bool isFinal(Outcome const& outcome) {
    return outcome.error == "TlsError" || outcome.error == "ProxyRefused" || outcome.error == "CredentialsRejected";
}

struct Call {
    std::string method;
    Outcome expected;
    Part part;
    std::chrono::milliseconds limit;
};

/// What there is to see when a call is made in a scene, and another one after all is well again.
struct Observation {
    Placeholders placeholders;
    Ended ended;
    Ended next;
    std::size_t memory = 0;
    std::size_t requests = 0;
    bool onNewConnection = false; ///< The next call.
    bool tokenLeaked = false;     ///< To the other origin.
};

Observation observe(FaultRow const& row, bool https, Call const& call) {
    Observation seen;
    Scene scene(row, https, call.part);
    scene.begin();
    MemoryPeak const memory;
    seen.ended = scene.call(call.method);
    seen.memory = memory.bytes();
    seen.requests = scene.requests();
    seen.placeholders = scene.placeholders(call.method);

    auto const connections = scene.server().connectionCount();
    scene.heal();
    seen.next = scene.call("GET");
    seen.onNewConnection = scene.server().connectionCount() > connections;
    seen.tokenLeaked = scene.otherGotToken();
    return seen;
}

bool isTimely(Observation const& seen, Call const& call) {
    return seen.ended.after <= call.limit + slack && seen.next.error != "TimedOut";
}

/// Whether it looks like what the row is about, and not like a machine that stalled for longer than the short limit.
bool isUndisturbed(Observation const& seen, Call const& call) {
    return isTimely(seen, call) && seen.ended.error == call.expected.error && seen.requests == call.expected.requests &&
           matches(seen.ended.text, filled(call.expected.text, seen.placeholders));
}

/// No machine is so busy four times in a row that it is late, or that a call runs into its short limit too early.
Observation observeUndisturbed(FaultRow const& row, bool https, Call const& call) {
    auto const disturbed = [&](Observation const& seen) {
        return row.limit == Limit::none ? !isTimely(seen, call) : !isUndisturbed(seen, call);
    };
    auto seen = observe(row, https, call);
    for (int again = 0; again < 3 && disturbed(seen); ++again) {
        seen = observe(row, https, call);
    }
    return seen;
}

void check(FaultRow const& row, bool https, Call const& call) {
    auto const seen = observeUndisturbed(row, https, call);
    BOOST_TEST_CONTEXT(call.method) {
        checkOutcome(seen.ended, call.expected, seen.placeholders);
        BOOST_TEST(isTimely(seen, call), "it took " << std::chrono::duration<double>(seen.ended.after).count() << " s");
        BOOST_TEST(seen.requests == call.expected.requests);
        BOOST_TEST(seen.memory < mostMemory(row));
        BOOST_TEST(!seen.tokenLeaked);
        if (call.part == Part::login && isFinal(call.expected)) {
            BOOST_TEST(seen.next.error == call.expected.error);
            BOOST_TEST(!seen.onNewConnection);
            return;
        }
        BOOST_TEST(seen.next.status == 200, seen.next.text);
        if (call.part == Part::api) {
            BOOST_TEST(seen.onNewConnection == (call.expected.connection == Outcome::Connection::discarded));
        }
    }
}

void checkApiCalls(FaultRow const& row, bool https) {
    if (row.get) {
        check(row, https, {"GET", *row.get, Part::api, shortLimit});
    }
    if (row.get || row.post) {
        check(row, https, {"POST", row.post ? *row.post : *row.get, Part::api, shortLimit});
    }
}

void checkLogin(FaultRow const& row, bool https) {
    // What is no limit of the whole login is one of each attempt.
    bool const ofAttempt = row.limit == Limit::connect || row.limit == Limit::tls;
    auto const limit = static_cast<int>(ofAttempt ? loginAttempts : 1) * shortLimit;
    if (row.login) {
        check(row, https, {"GET", *row.login, Part::login, limit});
    }
}

} // namespace

BOOST_DATA_TEST_CASE(faults_of_api_calls_over_http, data::make(faultsOver(FaultRow::Over::http)), row) {
    checkApiCalls(row, false);
}

BOOST_DATA_TEST_CASE(faults_of_api_calls_over_https, data::make(faultsOver(FaultRow::Over::https)), row) {
    checkApiCalls(row, true);
}

BOOST_DATA_TEST_CASE(faults_of_logins_over_http, data::make(faultsOver(FaultRow::Over::http)), row) {
    checkLogin(row, false);
}

BOOST_DATA_TEST_CASE(faults_of_logins_over_https, data::make(faultsOver(FaultRow::Over::https)), row) {
    checkLogin(row, true);
}

} // namespace fault_tests
