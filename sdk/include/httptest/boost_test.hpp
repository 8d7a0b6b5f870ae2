#pragma once

// Fixtures and reporting for Boost.Test. Header-only on purpose: it must use the Boost.Test that the test program
// links, be it shared, static or header-only. Include it after <boost/test/unit_test.hpp>.

#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/in_flight.hpp>
#include <httptest/reporter.hpp>
#include <httptest/session.hpp>

#include <boost/test/framework.hpp>
#include <boost/test/tools/assertion_result.hpp>
#include <boost/test/tools/detail/fwd.hpp>
#include <boost/test/tree/test_unit.hpp>
#include <boost/test/unit_test_monitor.hpp>
#include <boost/test/utils/lazy_ostream.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace httptest::inline v1 {

namespace detail {

struct BoostTestState {
    struct Failure {
        Location where;
        std::string text;
    };

    std::thread::id const testThread = std::this_thread::get_id();
    std::mutex mutex;            // guards `queued`
    std::vector<Failure> queued; // failures of other threads: Boost.Test's counters are not thread-safe
    std::vector<class HarnessScope*> scopes;

    static BoostTestState& instance() {
        static BoostTestState state;
        return state;
    }
};

/// Boost.Test's own entry for an assertion of the caller's; a detail namespace of Boost's, used here alone.
inline void assertInBoostTest(Outcome outcome, Location where, std::string const& text) {
    namespace tools = boost::test_tools::tt_detail;
    tools::report_assertion(boost::test_tools::assertion_result(outcome == Outcome::passed),
                            boost::unit_test::lazy_ostream::instance() << text,
                            boost::unit_test::const_string(where.file), where.line,
                            outcome == Outcome::fatal ? tools::REQUIRE : tools::CHECK, tools::CHECK_MSG, 0);
}

inline void reportToBoostTest(Outcome outcome, Location where, std::string const& text) {
    BoostTestState& state = BoostTestState::instance();
    if (std::this_thread::get_id() == state.testThread) {
        assertInBoostTest(outcome, where, text);
        return;
    }
    if (outcome != Outcome::passed) {
        std::lock_guard const lock(state.mutex);
        state.queued.push_back({where, text});
    }
    if (outcome == Outcome::fatal) {
        throw ExpectationFailed(text);
    }
}

inline void flushQueuedFailures() {
    BoostTestState& state = BoostTestState::instance();
    std::vector<BoostTestState::Failure> failures;
    {
        std::lock_guard const lock(state.mutex);
        failures.swap(state.queued);
    }
    for (BoostTestState::Failure const& failure : failures) {
        assertInBoostTest(Outcome::failed, failure.where, failure.text);
    }
}

/// An error that leaves a case is shown at the line that asked for it, not at "unknown location".
inline void reportUncaught(Error const& error) {
    Location where = error.location();
    if (*where.file == '\0') {
        auto const& testCase = boost::unit_test::framework::current_test_case();
        where = {testCase.p_file_name.begin(), static_cast<unsigned>(testCase.p_line_num)};
    }
    report(Outcome::failed, where, error.what());
}

inline bool install() {
    BoostTestState::instance();
    setReporter(&reportToBoostTest);
    boost::unit_test::unit_test_monitor.register_exception_translator<Error>(&reportUncaught);
    return true;
}

inline bool const installed = install();

class HarnessScope {
public:
    explicit HarnessScope(std::function<HarnessOptions()> options) : options_(std::move(options)) {
        BoostTestState::instance().scopes.push_back(this);
        reportInFlightOnSigterm();
    }
    ~HarnessScope() { BoostTestState::instance().scopes.pop_back(); }
    HarnessScope(HarnessScope const&) = delete;
    HarnessScope& operator=(HarnessScope const&) = delete;

    Harness& harness() {
        if (!harness_) {
            harness_ = std::make_unique<Harness>(options_ ? options_() : HarnessOptions{});
        }
        return *harness_;
    }

private:
    std::function<HarnessOptions()> options_;
    std::unique_ptr<Harness> harness_;
};

} // namespace detail

/// A harness for all cases or for a suite:
///
///     using httptest::HarnessFixture;
///     BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture);
///     BOOST_AUTO_TEST_SUITE(admin, *boost::unit_test::fixture<HarnessFixture>())
///
/// Configured by the environment, or by a derived class that passes options. The harness is made when a case first
/// needs it, so that a wrong setting fails that case with its text, and ends with the fixture.
class HarnessFixture {
public:
    HarnessFixture() : scope_(nullptr) {}
    explicit HarnessFixture(std::function<HarnessOptions()> options) : scope_(std::move(options)) {}

private:
    detail::HarnessScope scope_;
};

/// The harness of the innermost HarnessFixture that is alive. On the test's thread only.
inline Harness& harness() {
    auto& scopes = detail::BoostTestState::instance().scopes;
    if (scopes.empty()) {
        throw Misconfigured(
            "no harness: add BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture) (with `using "
            "httptest::HarnessFixture;`) to one file of this test program");
    }
    return scopes.back()->harness();
}

/// What a case starts from: `BOOST_FIXTURE_TEST_CASE(name, httptest::CaseFixture) { session.get("/…")… }`.
/// For a named identity: `struct Researcher : httptest::CaseFixture { Researcher() : CaseFixture("researcher") {} };`
/// At its end, failures from other threads are counted for the case.
class CaseFixture {
public:
    explicit CaseFixture(std::string_view identity = {}) : session(harness().session(identity)) {}
    ~CaseFixture() { detail::flushQueuedFailures(); }
    CaseFixture(CaseFixture const&) = delete;
    CaseFixture& operator=(CaseFixture const&) = delete;

    Session session;
};

} // namespace httptest::v1
