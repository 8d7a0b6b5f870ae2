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

/// More than the limit of a body and its copies, far less than what the faults send.
constexpr std::size_t mostMemory = std::size_t{24} << 20;

std::chrono::milliseconds duration(Limit limit) {
    switch (limit) {
    case Limit::connect: return connectTimeout;
    case Limit::tls: return tlsTimeout;
    case Limit::exchange: break;
    }
    return exchangeTimeout;
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
    }
}

/// Nothing but new settings helps: no other attempt is made.
bool isFinal(Outcome const& outcome) {
    return outcome.error == "TlsError" || outcome.error == "ProxyRefused" || outcome.error == "CredentialsRejected";
}

struct Call {
    std::string method;
    Outcome expected;
    std::chrono::milliseconds limit;
};

void check(FaultRow const& row, bool https, Part part, Call const& call) {
    BOOST_TEST_CONTEXT(call.method) {
        Scene scene(row, https, part);
        scene.begin();
        auto const connection = scene.newestConnection();
        auto const connections = scene.server().connectionCount();

        MemoryPeak const memory;
        auto const ended = scene.call(call.method);
        BOOST_TEST(memory.bytes() < mostMemory);
        checkOutcome(ended, call.expected, scene.placeholders(call.method));
        BOOST_TEST((ended.after <= call.limit + slack),
                   "it took " << std::chrono::duration_cast<std::chrono::milliseconds>(ended.after).count() << " ms");
        BOOST_TEST(scene.requests(call.method) == call.expected.requests);

        bool const called = scene.newestConnection() != connection || connections != scene.server().connectionCount();
        auto const faulty = scene.server().connectionCount();
        scene.heal();
        auto const next = scene.call("GET");
        if (part == Part::login && isFinal(call.expected)) {
            BOOST_TEST(next.error == call.expected.error);
            BOOST_TEST(scene.server().connectionCount() == faulty);
            return;
        }
        BOOST_TEST(next.status == 200, next.text);
        if (part == Part::api && called) {
            bool const discarded = scene.newestConnection() >= faulty;
            BOOST_TEST(discarded == (row.connection == FaultRow::Connection::discarded));
        }
        for (auto const& received : scene.other().received()) {
            BOOST_TEST(!received.request.headers.has("Authorization"));
        }
    }
}

void checkApiCalls(FaultRow const& row, bool https) {
    auto const limit = duration(row.limit);
    if (row.get) {
        check(row, https, Part::api, {"GET", *row.get, limit});
    }
    if (row.get || row.post) {
        check(row, https, Part::api, {"POST", row.post ? *row.post : *row.get, limit});
    }
}

void checkLogin(FaultRow const& row, bool https) {
    if (row.login) {
        check(row, https, Part::login, {"GET", *row.login, loginTimeout});
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
