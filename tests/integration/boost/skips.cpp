// Cases that are skipped, and what else the environment decides; check_skips.cmake says how.

#define BOOST_TEST_NO_MAIN
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <httptest/boost_test.hpp>
#include <httptest/boost_test_poco.hpp>
#include <httptest/testing/scripted_transport.hpp>

#include <Poco/Net/NetException.h>

#include "scripted_provider.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace data = boost::unit_test::data;
namespace needs = httptest::needs;
using httptest::skipUnless;

struct ProgramHarness : httptest::HarnessFixture {
    ProgramHarness() : HarnessFixture(&options) {}

    static httptest::HarnessOptions options() {
        auto transport = std::make_shared<httptest::testing::ScriptedTransport>(httptest::systemClock());
        transport->otherwise([](httptest::Request const& request) {
            std::string const* const value = request.headers.find("Authorization");
            bool const good = value != nullptr && *value == "Bearer opaque-token-of-the-cases";
            return httptest::testing::jsonReply(good ? 200 : 401, "{}");
        });
        httptest::HarnessOptions options;
        options.configuration = httptest::Configuration::fromEnvironment();
        options.providers = {std::make_shared<cases::Factory>(false)};
        options.transport = std::move(transport);
        return options;
    }
};

/// A thread that outlives the last case.
struct LateThread {
    ~LateThread() {
        if (std::getenv("FAIL_LATE") != nullptr) {
            std::jthread([] {
                httptest::report(httptest::Outcome::failed, httptest::Location::current(), "a failure that came late");
            });
        }
    }
};

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(ProgramHarness);
BOOST_TEST_GLOBAL_FIXTURE(LateThread);

BOOST_AUTO_TEST_SUITE(live, *skipUnless(needs::realControlPlane()))

BOOST_FIXTURE_TEST_CASE(runs_live, httptest::CaseFixture) {
    session.get("/x").send().requireStatus(200);
    BOOST_TEST_MESSAGE("the live case ran");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(needy)

BOOST_FIXTURE_TEST_CASE(needs_a_researcher, httptest::CaseFixture, *skipUnless(needs::identity("researcher"))) {
    session.get("/x").identity("researcher").send().requireStatus(200);
}

BOOST_FIXTURE_TEST_CASE(needs_a_version, httptest::CaseFixture,
                        *skipUnless(needs::version("2.20")) * skipUnless(needs::identity("default"))) {
    session.get("/x").send().requireStatus(200);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(needs_nothing, httptest::CaseFixture) {
    session.get("/x").send().requireStatus(200);
}

BOOST_AUTO_TEST_SUITE(over_data)

BOOST_DATA_TEST_CASE_F(httptest::CaseFixture, refused, data::make(httptest::bad::all()), bad) {
    session.get("/x").auth(bad).send().expectStatus(401);
}

BOOST_DATA_TEST_CASE_F(httptest::CaseFixture, fails_for_each,
                       data::make(std::vector<std::string>{"default", "researcher"}) * data::make(httptest::bad::all()),
                       identity, bad) {
    session.get("/x").identity(identity).auth(bad).send().expectStatus(200);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(throws_of_poco) {
    throw Poco::Net::ConnectionRefusedException("127.0.0.1:9", Poco::IOException("a \x1b cause ]]> \xff"), 111);
}

int main(int argc, char* argv[]) {
    if (std::getenv("ASK_FIRST") != nullptr) {
        if (std::string const why = needs::realControlPlane().missing(); !why.empty()) {
            std::puts(why.c_str());
            return httptest::skippedExitCode;
        }
    }
    int const status = boost::unit_test::unit_test_main([] { return true; }, argc, argv);
    char const* const own = std::getenv("MAIN_STATUS");
    return own != nullptr ? std::stoi(own) : status;
}
