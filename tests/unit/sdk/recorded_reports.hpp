#pragma once

#include <httptest/error.hpp>
#include <httptest/reporter.hpp>

#include <cstddef>
#include <string>
#include <vector>

/// What a test framework hears, kept for a case to look at. `require…` ends a case by an exception, as there.
class RecordedReports {
public:
    struct Failure {
        httptest::Outcome outcome;
        httptest::Location where;
        std::string text;

        std::string firstLine() const { return text.substr(0, text.find('\n')); }
    };

    RecordedReports() : before_(httptest::setReporter(&RecordedReports::hear)) { state() = {}; }
    ~RecordedReports() { httptest::setReporter(before_); }
    RecordedReports(RecordedReports const&) = delete;
    RecordedReports& operator=(RecordedReports const&) = delete;

    static std::vector<Failure> const& failures() { return state().failures; }
    static std::size_t passes() { return state().passes; }

private:
    struct State {
        std::vector<Failure> failures;
        std::size_t passes = 0;
    };

    static State& state() {
        static State state;
        return state;
    }

    static void hear(httptest::Outcome outcome, httptest::Location where, std::string const& text) {
        if (outcome == httptest::Outcome::passed) {
            ++state().passes;
            return;
        }
        state().failures.push_back({outcome, where, text});
        if (outcome == httptest::Outcome::fatal) {
            throw httptest::ExpectationFailed(text);
        }
    }

    httptest::Reporter before_;
};
