#pragma once

// Fixtures for Boost.Test. Header-only, as <httptest/boost_test.hpp> says, which includes it.

#include <httptest/boost_test_reporting.hpp>
#include <httptest/cleanup.hpp>
#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/in_flight.hpp>
#include <httptest/session.hpp>

#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace httptest::inline v1 {

namespace detail {

/// A harness that is made when it is first asked for; the innermost one counts.
class HarnessScope {
public:
    explicit HarnessScope(std::function<HarnessOptions()> options) : options_(std::move(options)) {
        all().push_back(this);
        reportInFlightOnSigterm();
    }
    ~HarnessScope() { all().pop_back(); }
    HarnessScope(HarnessScope const&) = delete;
    HarnessScope& operator=(HarnessScope const&) = delete;

    Harness& harness() {
        if (!harness_) {
            harness_ = std::make_unique<Harness>(options_ ? options_() : HarnessOptions{});
        }
        return *harness_;
    }

    static std::vector<HarnessScope*>& all() {
        static std::vector<HarnessScope*> scopes;
        return scopes;
    }

private:
    std::function<HarnessOptions()> options_;
    std::unique_ptr<Harness> harness_;
};

} // namespace detail

/// A harness for all cases, for a suite, or for a case:
///
///     using httptest::HarnessFixture;
///     BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture);
///     BOOST_AUTO_TEST_SUITE(admin, *boost::unit_test::fixture<HarnessFixture>())
///     struct Own : HarnessFixture, CaseFixture {};
///     BOOST_FIXTURE_TEST_CASE(with_a_harness_of_its_own, Own)
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
    auto const& scopes = detail::HarnessScope::all();
    if (scopes.empty()) {
        throw Misconfigured(
            "no harness: add BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture) (with `using "
            "httptest::HarnessFixture;`) to one file of this test program");
    }
    return scopes.back()->harness();
}

/// What a case starts from: `BOOST_FIXTURE_TEST_CASE(name, httptest::CaseFixture) { session.get("/…")… }`.
/// For a named identity: `struct Researcher : httptest::CaseFixture { Researcher() : CaseFixture("researcher") {} };`
/// At its end, failures from other threads are counted for the case, and what `cleanup` holds is deleted.
class CaseFixture {
public:
    explicit CaseFixture(std::string_view identity = {}) : session(harness().session(identity)) {}
    ~CaseFixture() { detail::flushQueuedFailures(); } // in the order in which they happened: `cleanup` comes after
    CaseFixture(CaseFixture const&) = delete;
    CaseFixture& operator=(CaseFixture const&) = delete;

    Session session;
    Cleanup cleanup;
};

} // namespace httptest::v1
