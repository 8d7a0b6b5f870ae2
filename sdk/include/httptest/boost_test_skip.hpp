#pragma once

// Honest skips for Boost.Test. Header-only, as <httptest/boost_test.hpp> says, which includes it.

#include <httptest/boost_test_fixtures.hpp>
#include <httptest/boost_test_reporting.hpp>
#include <httptest/needs.hpp>
#include <httptest/redactor.hpp>
#include <httptest/reporter.hpp>

#include <boost/test/tools/assertion_result.hpp>
#include <boost/test/tree/decorator.hpp>
#include <boost/test/tree/test_unit.hpp>

#include <exception>
#include <string>
#include <utility>

namespace httptest::inline v1 {

/// Skips a case or a suite where a need of its is not met, and says why in the log and on standard error:
///
///     namespace needs = httptest::needs;
///     BOOST_FIXTURE_TEST_CASE(name, httptest::CaseFixture, *httptest::skipUnless(needs::identity("researcher")))
///     BOOST_AUTO_TEST_SUITE(live, *httptest::skipUnless(needs::realControlPlane()))
///
/// Asks the harness of the innermost HarnessFixture around the case. A need that cannot be found out, for a mistake in the
/// configuration say, fails the case. A program in which nothing but such skips ran ends with 77, which ctest shows as
/// skipped; Boost.Test would end it with 0.
inline boost::unit_test::precondition skipUnless(Need need) {
    return boost::unit_test::precondition(
        [need = std::move(need)](boost::unit_test::test_unit_id unit) -> boost::test_tools::assertion_result {
            detail::BoostTestState& state = detail::BoostTestState::instance();
            try {
                std::string const why =
                    cleanForXml(redacted(need.missing([]() -> Harness const& { return httptest::harness(); })));
                boost::test_tools::assertion_result met(why.empty());
                if (!why.empty()) {
                    state.skipReasons.insert(why);
                    ++state.skipped;
                    met.message() << why;
                }
                return met;
            } catch (std::exception const& error) {
                state.unasked[unit] = std::string("cannot tell whether to skip this: ") + error.what();
                return true;
            }
        });
}

} // namespace httptest::v1
