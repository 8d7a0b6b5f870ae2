#include "polling/passing_error.hpp"

namespace httptest::polling {

namespace {

constexpr int firstServerError = 500;

template <class... Types>
bool isOneOf(Error const& error) noexcept {
    return ((dynamic_cast<Types const*>(&error) != nullptr) || ...);
}

} // namespace

bool mayPass(Error const& error) noexcept {
    if (auto const* const proxy = dynamic_cast<ProxyRefused const*>(&error)) {
        return proxy->status() >= firstServerError; // the proxy could not reach the target
    }
    if (isOneOf<ReplyTooLarge>(error)) {
        return false;
    }
    return isOneOf<NameNotResolved, ConnectFailed, ConnectionLost, BadReply, TimedOut, LoginThrottled, LoginUnavailable,
                   LoginUnreachable, LoginTimedOut>(error);
}

} // namespace httptest::polling
