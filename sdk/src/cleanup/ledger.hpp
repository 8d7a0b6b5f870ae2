#pragma once

#include "cleanup/ledger_entry.hpp"
#include "fork_registry.hpp"
#include "wire/descriptor.hpp"

#include <httptest/abi.hpp>

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace httptest::store {
class StateFolder;
}

namespace httptest::inline v1 {

/// What a harness has still to delete, in a file of the folder `ledgers` in the state folder, so that a killed process
/// leaves word. There is a file while something is left to be done, and it is locked while its process lives.
///
/// A ledger that cannot be written costs one notice and no test. Thread-safe; a fork()ed child begins its own.
class Ledger final : ForkAware {
public:
    /// @param folder  Setting `state_dir`; empty for the default. Nothing is made before the first promise.
    explicit Ledger(std::string folder);
    ~Ledger() override;
    Ledger(Ledger const&) = delete;
    Ledger& operator=(Ledger const&) = delete;

    /// Writes the entry, with a number of its own, before it returns. Nothing where that is not possible.
    std::optional<std::uint64_t> promise(cleanup::LedgerEntry entry) noexcept;

    /// Notes that it is done; removes the file with the last one.
    void done(std::uint64_t number) noexcept;

    /// The file with what is left; empty when nothing is.
    std::string path() const;

private:
    void beforeFork() override { mutex_.lock(); }
    void afterForkInParent() override { mutex_.unlock(); }
    void afterForkInChild() override { mutex_.unlock(); }

    void begin();
    void end() noexcept;
    void write(std::string const& line);

    std::string const configured_;
    mutable std::mutex mutex_; // guards everything below
    std::unique_ptr<store::StateFolder> folder_;
    wire::Descriptor file_;
    std::string name_;
    pid_t process_ = 0;
    std::uint64_t next_ = 1;
    std::set<std::uint64_t> open_;
    ForkRegistration registration_{*this};
};

/// The paths of all ledgers in a state folder, sorted; of living processes too.
/// @param stateFolder  As in the constructor.
/// @throws StoreUnavailable
HTTPTEST_API std::vector<std::string> listLedgers(std::string const& stateFolder);

} // namespace httptest::v1
