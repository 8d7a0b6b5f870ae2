#pragma once

#include "cleanup/ledger_entry.hpp"
#include "wire/descriptor.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>

namespace httptest::cli {

/// A ledger cannot be used; the text names it and says why.
class LedgerError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A ledger that a process left behind, in our hands alone while the object lives.
class LeftLedger {
public:
    enum class Access { read, write };

    /// @throws LedgerError  It is not there, others can write it, or its process is still alive.
    LeftLedger(std::string path, Access access);

    std::string const& path() const noexcept { return path_; }
    cleanup::LedgerContents const& contents() const noexcept { return contents_; }

    // With Access::write.

    /// Notes that an entry is done. @throws LedgerError
    void done(std::uint64_t number);
    /// @throws LedgerError
    void remove();

private:
    std::string path_;
    wire::Descriptor file_;
    cleanup::LedgerContents contents_;
};

} // namespace httptest::cli
