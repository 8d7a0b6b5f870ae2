#pragma once

#include <httptest/abi.hpp>
#include <httptest/location.hpp>

#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// What became of an expectation.
enum class Outcome {
    passed,
    failed, ///< The case goes on.
    fatal,  ///< The case ends here.
};

/// Tells the test framework of an expectation. For `fatal` it does not return but throws the framework's exception.
/// The text is redacted and safe to put in XML; empty for `passed`. Called on the thread of the expectation.
using Reporter = void (*)(Outcome outcome, Location where, std::string const& text);

/// Sets the process's reporter and returns the one before. Null: failures are thrown as ExpectationFailed.
/// `boost_test.hpp` does this by being included.
HTTPTEST_API Reporter setReporter(Reporter reporter) noexcept;

/// Redacts and cleans `text`, then reports it.
HTTPTEST_API void report(Outcome outcome, Location where, std::string const& text);

/// While one lives, what this thread reports is not reported: failures are thrown as ExpectationFailed, as without a
/// test framework. For expectations whose failure is no failure of the test yet.
class HTTPTEST_API ThrownReports {
public:
    ThrownReports() noexcept;
    ~ThrownReports();
    ThrownReports(ThrownReports const&) = delete;
    ThrownReports& operator=(ThrownReports const&) = delete;
};

/// Replaces what XML 1.0 cannot hold (control characters, invalid UTF-8, "]]>") by visible stand-ins.
HTTPTEST_API std::string cleanForXml(std::string_view text);

} // namespace httptest::v1
