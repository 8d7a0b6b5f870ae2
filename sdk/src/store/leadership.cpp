#include "store/leadership.hpp"

#include <httptest/token_store.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <string_view>
#include <system_error>
#include <utility>

namespace httptest::store {

namespace {

constexpr std::size_t longestLease = 64;
/// A leader that has the lock but not yet written its lease: between two system calls, or stopped there.
constexpr std::time_t unwrittenLeaseLasts = 5; // s
/// What lies between the two for a leader that nothing stops, with a busy machine's pauses.
constexpr std::chrono::nanoseconds patience = std::chrono::milliseconds(50);

/// Locks are advisory and belong to the open file: two caches of one process meet as two processes do.
bool tryLock(Descriptor const& file, int kind, std::string const& path) {
    int result = 0;
    do {
        result = ::flock(file.get(), kind | LOCK_NB);
    } while (result != 0 && errno == EINTR);
    if (result != 0 && errno != EWOULDBLOCK) {
        throw StoreUnavailable("cannot lock '" + path +
                               "' (a network file system without locks?): " + std::generic_category().message(errno));
    }
    return result == 0;
}

std::string pathOf(StateFolder const& folder, std::string const& name) {
    return folder.path() + "/" + name;
}

/// Of a lock that somebody holds.
bool leaseLasts(StateFolder const& folder, Descriptor const& lock, SteadyTime now) {
    if (std::optional<Lease> const lease = readLease(folder, lock)) {
        return now < lease->until;
    }
    struct stat status {};
    return ::fstat(lock.get(), &status) == 0 && std::time(nullptr) - status.st_mtime < unwrittenLeaseLasts;
}

} // namespace

std::string lockName(std::string const& account, int slot) {
    return account + "." + std::to_string(slot) + ".lock";
}

std::optional<Lease> readLease(StateFolder const& folder, Descriptor const& lock) {
    std::optional<std::string> const text = folder.read(lock, longestLease);
    unsigned long long number = 0;
    long long until = 0;
    int end = 0;
    // NOLINTNEXTLINE(cert-err34-c): a number out of range is another number, and the end is checked
    if (!text || std::sscanf(text->c_str(), "%llu %lld\n%n", &number, &until, &end) != 2 ||
        static_cast<std::size_t>(end) != text->size()) {
        return std::nullopt;
    }
    return Lease{number, SteadyTime(std::chrono::nanoseconds(until))};
}

bool slotIsLed(StateFolder const& folder, std::string const& account, int slot, SteadyTime now) {
    std::string const name = lockName(account, slot);
    Descriptor const lock = folder.openToRead(name);
    return lock && !tryLock(lock, LOCK_SH, pathOf(folder, name)) && leaseLasts(folder, lock, now);
}

Leadership::Leadership(Descriptor lock, int slot, std::uint64_t number)
    : lock_(std::move(lock)),
      slot_(slot),
      number_(number) {}

Leadership::~Leadership() {
    // Said aloud: a child of a fork() has the same open file, and would go on holding its lock.
    ::flock(lock_.get(), LOCK_UN);
}

void Leadership::writeLease(SteadyTime until) const {
    std::array<char, longestLease> text{};
    int const size =
        std::snprintf(text.data(), text.size(), "%020llu %020lld\n", static_cast<unsigned long long>(number_),
                      static_cast<long long>(until.time_since_epoch().count()));
    // One write of always the same length: a reader sees the old lease or the new one.
    if (::pwrite(lock_.get(), text.data(), static_cast<std::size_t>(size), 0) != size ||
        ::ftruncate(lock_.get(), size) != 0) {
        throw StoreUnavailable("cannot write a lease: " + std::generic_category().message(errno));
    }
}

bool StoppedLeaders::hold(int slot, std::uint64_t number, SteadyTime now) {
    std::optional<Seen>& seen = seen_.at(static_cast<std::size_t>(slot));
    if (!seen || seen->number != number) {
        seen = Seen{number, now};
    }
    return now - seen->since >= patience;
}

namespace {

enum class Holder { nobody, leader, stopped };

/// Who has the lock that `file` is of. @param kind  LOCK_EX to take it where nobody has; LOCK_SH to look.
Holder holderOf(StateFolder const& folder, Descriptor const& file, int kind, std::string const& account, int slot,
                SteadyTime now, StoppedLeaders& stopped) {
    if (tryLock(file, kind, pathOf(folder, lockName(account, slot)))) {
        return Holder::nobody;
    }
    if (leaseLasts(folder, file, now)) {
        return Holder::leader;
    }
    std::optional<Lease> const lease = readLease(folder, file);
    return stopped.hold(slot, lease ? lease->number : 0, now) ? Holder::stopped : Holder::leader;
}

/// The next number above `newest` that is this slot's: two that lead at once, since one was taken for stopped, must not
/// have the same.
std::uint64_t numberAfter(std::uint64_t newest, int slot) {
    constexpr std::uint64_t step = slots;
    auto const own = static_cast<std::uint64_t>(slot) + 1;
    std::uint64_t const rounds = newest < own ? 0 : (newest - own) / step + 1;
    return own + rounds * step;
}

} // namespace

std::unique_ptr<Leadership> tryLead(StateFolder const& folder, std::string const& account, std::uint64_t newest,
                                    SteadyTime now, StoppedLeaders& stopped) {
    for (int slot = 0; slot < slots; ++slot) {
        Descriptor lock = folder.openToLock(lockName(account, slot));
        Holder const holder = holderOf(folder, lock, LOCK_EX, account, slot, now, stopped);
        if (holder == Holder::leader) {
            return nullptr;
        }
        if (holder == Holder::stopped) {
            continue;
        }
        if (std::optional<Lease> const last = readLease(folder, lock)) {
            newest = std::max(newest, last->number);
        }
        for (int other = 0; other < slots; ++other) {
            Descriptor const otherLock = other != slot ? folder.openToRead(lockName(account, other)) : Descriptor();
            if (!otherLock) {
                continue;
            }
            if (holderOf(folder, otherLock, LOCK_SH, account, other, now, stopped) == Holder::leader) {
                return nullptr;
            }
            if (std::optional<Lease> const lease = readLease(folder, otherLock)) {
                newest = std::max(newest, lease->number);
            }
        }
        return std::make_unique<Leadership>(std::move(lock), slot, numberAfter(newest, slot));
    }
    throw StoreUnavailable("all processes that lead in '" + folder.path() + "' seem to be stopped");
}

Descriptor lockIdleSlot(StateFolder const& folder, std::string const& account, int slot) {
    std::string const name = lockName(account, slot);
    Descriptor lock = folder.openToLock(name);
    return tryLock(lock, LOCK_EX, pathOf(folder, name)) ? std::move(lock) : Descriptor();
}

} // namespace httptest::store
