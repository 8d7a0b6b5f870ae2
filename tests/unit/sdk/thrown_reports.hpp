#pragma once

#include <httptest/error.hpp>
#include <httptest/reporter.hpp>

#include <string>

/// Failures are thrown on this thread, so that a case can look at them.
template <class Action>
std::string reportedFailure(Action action, unsigned* line = nullptr) {
    httptest::ThrownReports const thrown;
    try {
        action();
    } catch (httptest::ExpectationFailed const& failure) {
        if (line != nullptr) {
            *line = failure.location().line;
        }
        return failure.what();
    }
    return {};
}
