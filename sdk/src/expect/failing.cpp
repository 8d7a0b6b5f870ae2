#include "expect/failing.hpp"

#include "expect/exchange_notes.hpp"

#include <httptest/error.hpp>

namespace httptest::inline v1 {

namespace {

std::string shownOnce(Exchange const& exchange) {
    if (ExchangeNotes::showInFull(exchange)) {
        return exchange.text();
    }
    Request const& request = ExchangeNotes::record(exchange).request;
    return "(the exchange is shown above: " + request.method + " " + request.url.text() + ", status " +
           std::to_string(exchange.status()) + ")";
}

} // namespace

void fail(Exchange const& exchange, std::string const& what, Outcome outcome, Location where) {
    report(outcome, where, what + "\n" + shownOnce(exchange));
}

void endCase(Exchange const& exchange, std::string const& what, Location where) {
    fail(exchange, what, Outcome::fatal, where);
    throw ExpectationFailed(what);
}

} // namespace httptest::v1
