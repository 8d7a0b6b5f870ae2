#include "fault_table.hpp"

#include <ostream>
#include <utility>

namespace fault_tests {

using namespace std::chrono_literals;
using namespace httptest::testing;

namespace {

using Over = FaultRow::Over;
using Connection = FaultRow::Connection;

constexpr std::size_t loginAttempts = 4;

Outcome reply(int status = 200, std::size_t requests = 1) {
    return {.status = status, .requests = requests};
}

Outcome error(std::string type, std::string text, std::size_t requests = 1) {
    return {.error = std::move(type), .text = std::move(text), .requests = requests};
}

/// A login that the token cache has tried again, each time with the same end.
Outcome unreachable(std::string const& text) {
    return error("LoginUnreachable", text + " (after 4 attempts)", loginAttempts);
}

Outcome badLogin(std::string const& text, std::size_t requests = 1) {
    return error("BadLoginReply", text, requests);
}

/// A login whose time is over after one attempt.
Outcome loginTimedOut(std::string const& text, std::size_t requests = 1) {
    return error("LoginUnreachable", text, requests);
}

std::string timedOut(std::string const& phase) {
    return "{request} timed out after {T} s while " + phase + " (limit {exchange_timeout}, connected to {address})";
}

std::string server(std::string const& what) {
    return "{request}: the server " + what + " {peer}";
}

/// A row whose API call and login both get no proper reply.
FaultRow malformed(std::string section, Fault fault, std::string const& what) {
    return {.section = std::move(section),
            .name = fault.name(),
            .fault = fault,
            .get = error("BadReply", server(what)),
            .login = badLogin(server(what))};
}

/// A row whose fault harms nobody.
FaultRow harmless(std::string section, Fault fault, Connection connection) {
    return {.section = std::move(section),
            .name = fault.name(),
            .fault = fault,
            .connection = connection,
            .get = reply(),
            .login = reply()};
}

std::vector<FaultRow> slowReplies() {
    std::string const section = "Time";
    std::string const waiting = timedOut("waiting for the reply");
    std::string const reading = timedOut("reading the reply");
    auto const slow = [&](Fault const& fault, std::string const& text) {
        return FaultRow{.section = section,
                        .name = fault.name(),
                        .fault = fault,
                        .get = error("TimedOut", text),
                        .login = loginTimedOut(text)};
    };
    return {
        harmless(section, faults::latency(50ms), Connection::kept),
        slow(faults::latency(60s), waiting),
        slow(faults::silence(), waiting),
        slow(faults::drip(20ms), reading),
        slow(faults::latency(50ms) + faults::drip(20ms), reading),
        harmless(section, faults::bandwidth(100'000), Connection::kept),
        slow(faults::bandwidth(200), reading),
    };
}

std::vector<FaultRow> brokenConnections() {
    std::string const section = "The connection";
    std::string const closed = server("closed the connection before a byte of the reply came{unsafe}");
    std::string const reset = server("reset the connection before a byte of the reply came{unsafe}");
    auto const lost = [&](Fault const& fault, std::string const& text) {
        return FaultRow{.section = section,
                        .name = fault.name(),
                        .fault = fault,
                        .get = error("ConnectionLost", text),
                        .login = unreachable(text)};
    };
    auto fin = lost(faults::fin(), closed);
    fin.get->requests = fin.login->requests = 0;
    return {
        fin,
        lost(faults::emptyReply(), closed),
        lost(faults::reset(), reset),
        malformed(section, faults::cutAfter(20), "closed the connection in the middle of the reply's header"),
    };
}

std::vector<FaultRow> malformedMessages() {
    std::string const section = "The message";
    return {
        malformed(section, faults::garbage(), "sent something that is no HTTP reply: \"?? this is no HTTP\""),
        malformed(section, faults::conflictingLengths(), "sent a malformed or contradictory Content-Length"),
        malformed(section, faults::badChunk(), "sent a malformed chunk after {N} bytes of the body"),
        malformed(section, faults::missingLastChunk(),
                  "closed the connection after {N} bytes of the body, before its last chunk"),
        harmless(section, faults::duplicateLengths(), Connection::kept),
        harmless(section, faults::surplusBytes(), Connection::discarded),
    };
}

} // namespace

std::ostream& operator<<(std::ostream& stream, FaultRow const& row) {
    return stream << row.section << ": " << row.name;
}

std::vector<FaultRow> const& faultTable() {
    static std::vector<FaultRow> const table = [] {
        std::vector<FaultRow> all;
        for (auto* const section : {&slowReplies, &brokenConnections, &malformedMessages}) {
            for (auto& row : section()) {
                all.push_back(std::move(row));
            }
        }
        return all;
    }();
    return table;
}

std::vector<FaultRow> faultsOver(FaultRow::Over scheme) {
    std::vector<FaultRow> rows;
    for (auto const& row : faultTable()) {
        if (row.over == Over::both || row.over == scheme) {
            rows.push_back(row);
        }
    }
    return rows;
}

} // namespace fault_tests
