// Retry-After and Date.

#include "input.hpp"

#include <httptest/headers.hpp>
#include <httptest/http_date.hpp>

#include <chrono>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    Input input(data, size);
    httptest::Headers headers;
    headers.add("Date", std::string(input.upTo(input.draw(48))));
    std::string const text(input.rest());
    headers.add("Retry-After", text);
    httptest::RetryAfter const after =
        httptest::retryAfter(headers, httptest::WallTime(std::chrono::hours(24 * 365 * 56)));
    require(!after || after->count() >= 0, "nobody waits backwards");
    httptest::Headers dated;
    dated.add("Date", text);
    require(httptest::serverTime(dated) == httptest::parseHttpDate(text), "a Date is read as an HTTP date");
    return 0;
}
