#pragma once

#include <cstdint>
#include <mutex>
#include <random>

namespace soak {

/// What may happen to a call. Nothing of it is drawn for logins, which have faults of their own.
enum class Fault {
    none,
    internalError,     ///< 500 in place of the control plane.
    unavailable,       ///< 503 in place of the control plane.
    cut,               ///< The connection ends before the request is carried out.
    reset,             ///< The same by RST.
    replyLost,         ///< RST after it was carried out.
    replyCutShort,     ///< Half of the reply, then the end of the connection.
    late,              ///< The whole reply, later.
    tokenRevoked,      ///< The token ends before its time; the control plane answers 401.
    connectionDropped, ///< After the whole reply, without a word: the client keeps a dead connection.
};

enum class LoginFault { none, unavailable, throttled, cut };

char const* nameOf(Fault fault) noexcept;
char const* nameOf(LoginFault fault) noexcept;

/// Draws what goes wrong, evenly among the kinds. Thread-safe.
class FaultPlan {
public:
    /// @param perMille  Of calls. Ten times as many logins: there are few of them, and they shall meet some.
    FaultPlan(std::uint64_t seed, unsigned perMille) : random_(seed), perMille_(perMille) {}

    Fault drawForCall();
    LoginFault drawForLogin();

private:
    std::mutex mutex_; // guards random_
    std::mt19937_64 random_;
    unsigned perMille_;
};

} // namespace soak
