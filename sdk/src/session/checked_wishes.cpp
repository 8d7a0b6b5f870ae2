#include "session/checked_wishes.hpp"

#include <httptest/error.hpp>

namespace httptest::inline v1 {

void refuseRequest(std::string const& why, Location where) {
    InvalidRequest error(why);
    error.setLocation(where);
    throw error; // NOLINT(misc-throw-by-value-catch-by-reference,cert-err09-cpp,cert-err61-cpp): a local value
}

std::chrono::milliseconds checkedTimeout(std::chrono::milliseconds limit, Location where) {
    if (limit.count() <= 0) {
        refuseRequest("a time-out of " + std::to_string(limit.count()) +
                          " ms leaves no time for a request; leave it out for the setting request_timeout_ms",
                      where);
    }
    if (limit > longestTimeout) {
        refuseRequest("a time-out of " + std::to_string(limit.count()) + " ms is out of range; the longest is " +
                          std::to_string(longestTimeout.count()) + " ms, a day",
                      where);
    }
    return limit;
}

int checkedRedirects(int most, Location where) {
    if (most < 1 || most > mostRedirects) {
        refuseRequest("redirects(" + std::to_string(most) + ") is out of range (1 to " + std::to_string(mostRedirects) +
                          "); noRedirects() follows none",
                      where);
    }
    return most;
}

} // namespace httptest::v1
