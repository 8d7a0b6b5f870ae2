#include "faults.hpp"

#include <array>
#include <cstddef>

namespace soak {

namespace {

constexpr std::array calls{Fault::internalError, Fault::unavailable,  Fault::cut,
                           Fault::reset,         Fault::replyLost,    Fault::replyCutShort,
                           Fault::late,          Fault::tokenRevoked, Fault::connectionDropped};
constexpr std::array logins{LoginFault::unavailable, LoginFault::throttled, LoginFault::cut};

template <class Kinds>
auto draw(std::mt19937_64& random, unsigned perMille, Kinds const& kinds) -> typename Kinds::value_type {
    if (std::uniform_int_distribution<unsigned>(0, 999)(random) >= perMille) {
        return {};
    }
    return kinds[std::uniform_int_distribution<std::size_t>(0, kinds.size() - 1)(random)];
}

} // namespace

char const* nameOf(Fault fault) noexcept {
    switch (fault) {
    case Fault::none: return "none";
    case Fault::internalError: return "500";
    case Fault::unavailable: return "503";
    case Fault::cut: return "cut";
    case Fault::reset: return "reset";
    case Fault::replyLost: return "reply-lost";
    case Fault::replyCutShort: return "reply-cut-short";
    case Fault::late: return "late";
    case Fault::tokenRevoked: return "token-revoked";
    case Fault::connectionDropped: return "connection-dropped";
    }
    return "unknown";
}

char const* nameOf(LoginFault fault) noexcept {
    switch (fault) {
    case LoginFault::none: return "none";
    case LoginFault::unavailable: return "503";
    case LoginFault::throttled: return "429";
    case LoginFault::cut: return "cut";
    }
    return "unknown";
}

Fault FaultPlan::drawForCall() {
    std::scoped_lock const lock(mutex_);
    return draw(random_, perMille_, calls);
}

LoginFault FaultPlan::drawForLogin() {
    std::scoped_lock const lock(mutex_);
    return draw(random_, perMille_ * 10, logins);
}

} // namespace soak
