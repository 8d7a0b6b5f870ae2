#pragma once

#include "store/state_folder.hpp"

#include <httptest/clock.hpp>

#include <array>
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
    std::uint64_t number = 0; ///< Fencing number; no two slots ever have the same.
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

/// Tells leaders that were stopped from those that have just begun: between taking the lock and writing its lease a
/// leader shows the lease of the one before it, which is over.
class StoppedLeaders {
public:
    /// Whether the one that holds this slot's lock, with a lease that is over, was already seen so a while ago.
    bool hold(int slot, std::uint64_t number, SteadyTime now);

private:
    struct Seen {
        std::uint64_t number;
        SteadyTime since;
    };
    std::array<std::optional<Seen>, slots> seen_{};
};

/// Takes the lock of the first slot that can be had; null while a leader is at work.
/// @param newest  The highest number known from elsewhere; the leadership's is higher.
/// @throws StoreUnavailable  Locks do not work here, or every slot's leader was stopped.
std::unique_ptr<Leadership> tryLead(StateFolder const& folder, std::string const& account, std::uint64_t newest,
                                    SteadyTime now, StoppedLeaders& stopped);

/// Takes the slot's lock, so that nobody begins to lead there meanwhile; none where somebody holds it.
/// @throws StoreUnavailable
Descriptor lockIdleSlot(StateFolder const& folder, std::string const& account, int slot);

} // namespace httptest::store
