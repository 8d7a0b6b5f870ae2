#pragma once

#include "store/state_folder.hpp"

#include <httptest/clock.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace httptest::store {

/// Places for leaders of one account. One is used as a rule; another when its leader was stopped beyond its time, which
/// the kernel cannot take the lock from.
constexpr int slots = 4;

/// What a leader writes into the file that it holds the lock of.
struct Lease {
    std::uint64_t number = 0; ///< Fencing number.
    SteadyTime until;
};

std::string lockName(std::string const& account, int slot);

/// The lease of a lock file; nothing when it was never written or is damaged.
std::optional<Lease> readLease(StateFolder const& folder, Descriptor const& lock);

/// Whether a process holds this slot's lock and may still be logging in.
bool slotIsLed(StateFolder const& folder, std::string const& account, int slot, SteadyTime now);

/// A held lock; giving it up, or the end of the process, frees it.
class Leadership {
public:
    Leadership(Descriptor lock, int slot, std::uint64_t number);
    ~Leadership();
    Leadership(Leadership const&) = delete;
    Leadership& operator=(Leadership const&) = delete;

    int slot() const noexcept { return slot_; }
    std::uint64_t number() const noexcept { return number_; }
    /// @throws StoreUnavailable
    void writeLease(SteadyTime until) const;

private:
    Descriptor lock_;
    int slot_;
    std::uint64_t number_;
};

/// Takes the lock of the first slot that can be had; null while a leader is at work.
/// @param newest  The highest number known from elsewhere; the leadership's is higher.
/// @throws StoreUnavailable  Locks do not work here, or every slot's leader was stopped.
std::unique_ptr<Leadership> tryLead(StateFolder const& folder, std::string const& account, std::uint64_t newest,
                                    SteadyTime now);

} // namespace httptest::store
