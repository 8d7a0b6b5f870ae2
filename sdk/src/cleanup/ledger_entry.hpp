#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::cleanup {

/// A deletion that somebody promised to send: everything that it takes to send it later, and no secret.
struct LedgerEntry {
    std::uint64_t number = 0; ///< Within its ledger.
    std::string baseUrl;      ///< Ends with '/'.
    std::string identity;
    std::string method;
    std::string path; ///< Below the base URL, or an absolute URL; as it goes on the wire.
    std::vector<int> accepted;
    std::string time;       ///< When it was promised, UTC.
    bool repeatable = true; ///< False where it has a body, which no ledger keeps.
};

/// One line of a ledger, its newline included.
std::string promiseLine(LedgerEntry const& entry);
std::string doneLine(std::uint64_t number);

/// What a ledger says.
struct LedgerContents {
    std::vector<LedgerEntry> left;     ///< Promised and not done, the latest first: the order in which to delete.
    std::vector<std::string> problems; ///< "line 3 is …", for each line that is none of ours.
    bool torn = false;                 ///< The last line was cut short, as by a kill: nobody relied on it.
};

LedgerContents readLedger(std::string_view text);

} // namespace httptest::cleanup
