#pragma once

// How Boost.Test hears of failures. Header-only, as <httptest/boost_test.hpp> says, which includes it.

#include <httptest/error.hpp>
#include <httptest/needs.hpp>
#include <httptest/redactor.hpp>
#include <httptest/reporter.hpp>

#include <boost/core/demangle.hpp>
#include <boost/make_shared.hpp>
#include <boost/test/framework.hpp>
#include <boost/test/tools/assertion_result.hpp>
#include <boost/test/tools/detail/fwd.hpp>
#include <boost/test/tree/fixture.hpp>
#include <boost/test/tree/observer.hpp>
#include <boost/test/tree/test_unit.hpp>
#include <boost/test/tree/traverse.hpp>
#include <boost/test/tree/visitor.hpp>
#include <boost/test/unit_test_monitor.hpp>
#include <boost/test/utils/lazy_ostream.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <typeinfo>
#include <utility>
#include <vector>

namespace httptest::inline v1::detail {

struct BoostTestState {
    struct Failure {
        Location where;
        std::string text;
    };

    std::thread::id const testThread = std::this_thread::get_id();
    std::mutex mutex;            // guards `queued`
    std::vector<Failure> queued; // failures of other threads: Boost.Test's counters are not thread-safe

    // On the test's thread only.
    std::map<std::string, std::string> loginErrors; // which cases could not log in first, by what is said of it
    std::map<boost::unit_test::test_unit_id, std::string> unasked; // why a unit's needs could not be found out
    std::set<std::string> skipReasons;
    std::size_t skipped = 0;
    std::size_t started = 0; // cases

    static BoostTestState& instance() {
        static BoostTestState state;
        return state;
    }

    std::vector<Failure> takeQueued() {
        std::lock_guard const lock(mutex);
        return std::exchange(queued, {});
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
        ExpectationFailed failure(text);
        failure.setLocation(where);
        failure.setReported();
        throw failure; // NOLINT(misc-throw-by-value-catch-by-reference,cert-err09-cpp,cert-err61-cpp): a local value
    }
}

inline void flushQueuedFailures() {
    for (BoostTestState::Failure const& failure : BoostTestState::instance().takeQueued()) {
        assertInBoostTest(Outcome::failed, failure.where, failure.text);
    }
}

inline Location locationOfCase() {
    auto const& unit = boost::unit_test::framework::current_test_unit();
    return {unit.p_file_name.begin(), static_cast<unsigned>(unit.p_line_num)};
}

/// Texts of one cause differ in their times: in what is left of a pause, say.
inline std::string withoutTimes(std::string const& text) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        auto const end = std::min(text.find_first_not_of("0123456789.", at), text.size());
        bool const time = end > at && (text.compare(end, 2, " s") == 0 || text.compare(end, 3, " ms") == 0);
        auto const next = std::max(end, at + 1);
        result.append(time ? std::string_view() : std::string_view(text).substr(at, next - at));
        at = next;
    }
    return result;
}

/// In full once; hundreds of cases that meet the same trouble refer to the first.
inline std::string loginErrorText(LoginError const& error) {
    std::string const cause = typeid(error).name() + withoutTimes(error.what());
    std::string const name = boost::unit_test::framework::current_test_unit().full_name();
    auto const [first, isNew] = BoostTestState::instance().loginErrors.emplace(cause, name);
    return isNew ? "could not log in, so that this says nothing of the tested calls:\n" + failureText(error)
                 : "could not log in, for the reason that case \"" + first->second + "\" tells";
}

/// An error that leaves a case is shown at the line that asked for it, not at "unknown location".
inline void reportUncaught(Error const& error) {
    auto const* const failure = dynamic_cast<ExpectationFailed const*>(&error);
    if (failure != nullptr && failure->reported()) {
        return;
    }
    Location const where = *error.location().file != '\0' ? error.location() : locationOfCase();
    auto const* const login = dynamic_cast<LoginError const*>(&error);
    report(Outcome::failed, where, login != nullptr ? loginErrorText(*login) : failureText(error));
}

/// Boost.Test writes the text of any other exception as it is. One that quotes a reply may hold a secret, or what makes the
/// JUnit file no XML: that one is replaced.
inline void cleanUncaught(std::exception const& error) {
    std::string const text = cleanForXml(redacted(error.what()));
    if (text == error.what()) {
        throw; // NOLINT(cert-err09-cpp): translators run in the handler
    }
    throw std::runtime_error(boost::core::demangle(typeid(error).name()) + ": " + text);
}

/// Goes around every case and suite, so that what is queued is counted where it belongs, whatever the fixture.
class AroundUnit final : public boost::unit_test::test_unit_fixture {
public:
    void setup() override {
        auto const& unasked = BoostTestState::instance().unasked;
        auto const why = unasked.find(boost::unit_test::framework::current_test_unit().p_id);
        if (why != unasked.end()) {
            report(Outcome::fatal, locationOfCase(), why->second);
        }
    }
    void teardown() override { flushQueuedFailures(); }
};

/// Hangs `AroundUnit` on every unit, first of its fixtures and so the last to be torn down.
class HangFixture final : public boost::unit_test::test_tree_visitor {
public:
    bool visit(boost::unit_test::test_unit const& unit) override {
        static boost::unit_test::test_unit_fixture_ptr const around = boost::make_shared<AroundUnit>();
        auto& fixtures = boost::unit_test::framework::get(unit.p_id, unit.p_type).p_fixtures.value;
        if (fixtures.empty() || fixtures.front() != around) {
            fixtures.insert(fixtures.begin(), around);
        }
        return true;
    }
};

/// Makes exit status 0 the one of a program in which nothing but skips ran. It is the last word of glibc's exit: a status
/// of main's own stays, and whatever else is to be done at exit is done.
inline void exitAsSkipped() {
    ::on_exit(
        [](int status, void*) {
            if (status == 0) {
                std::exit(skippedExitCode); // NOLINT(cert-env32-c): glibc goes on with the remaining handlers
            }
        },
        nullptr);
}

class Observer final : public boost::unit_test::test_observer {
public:
    /// After all of Boost's: one before its framework_init_observer_t makes it look at a member that nobody has set yet,
    /// and fail the program at random.
    int priority() override { return 10; }

    void test_start(boost::unit_test::counter_t, boost::unit_test::test_unit_id root) override {
        HangFixture hang;
        boost::unit_test::traverse_test_tree(root, hang, true);
    }

    void test_unit_start(boost::unit_test::test_unit const& unit) override {
        BoostTestState::instance().started += unit.p_type == boost::unit_test::TUT_CASE ? 1U : 0U;
    }

    void test_finish() override {
        BoostTestState& state = BoostTestState::instance();
        for (BoostTestState::Failure const& failure : state.takeQueued()) {
            std::fprintf(stderr, "%s(%u): error: after all cases: %s\n", failure.where.file, failure.where.line,
                         failure.text.c_str());
            boost::unit_test::framework::assertion_result(boost::unit_test::AR_FAILED);
        }
        for (std::string const& reason : std::exchange(state.skipReasons, {})) {
            std::fprintf(stderr, "httptest: skipped: %s\n", reason.c_str());
        }
        if (std::exchange(state.skipped, 0) > 0 && std::exchange(state.started, 0) == 0) {
            exitAsSkipped();
        }
    }
};

inline bool install() {
    BoostTestState::instance();
    setReporter(&reportToBoostTest);
    boost::unit_test::unit_test_monitor.register_exception_translator<Error>(&reportUncaught);
    boost::unit_test::unit_test_monitor.register_exception_translator<std::exception>(&cleanUncaught);
    static Observer observer;
    boost::unit_test::framework::register_observer(observer);
    return true;
}

inline bool const installed = install();

} // namespace httptest::v1::detail
