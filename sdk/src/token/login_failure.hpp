#pragma once

#include <httptest/clock.hpp>
#include <httptest/error.hpp>

#include <exception>
#include <optional>
#include <string>

namespace httptest::inline v1 {

/// A failed login as a value: it is kept, and thrown anew for each caller. (One exception object thrown in many
/// threads would be shared between them.)
struct LoginFailure {
    enum class Kind {
        rejected,
        misconfigured,
        tls,
        proxyRefused,
        badReply,
        throttled,
        unavailable,
        unreachable,
        cancelled,
    };

    Kind kind = Kind::badReply;
    std::string text;
    RetryAfter retryAfter = std::nullopt;
    int proxyStatus = 0;
    /// The end of the pause that all processes make, where it is known.
    std::optional<SteadyTime> pausedUntil = std::nullopt;
    /// Another process met it: it lasts until `pausedUntil` here, since only they know whether it has passed.
    bool ofOthers = false;

    /// Reads what a token source threw.
    /// @param account  The source's `describe()`, for errors that do not name the login themselves.
    static LoginFailure from(std::exception_ptr const& thrown, std::string const& account);

    /// Another attempt in the same flight may help.
    bool worthRetrying() const noexcept { return kind == Kind::unavailable || kind == Kind::unreachable; }

    /// Nothing helps but other credentials or settings.
    bool final() const noexcept {
        return kind == Kind::rejected || kind == Kind::misconfigured || kind == Kind::tls || kind == Kind::proxyRefused;
    }

    /// Throws the error of this kind.
    [[noreturn]] void raise() const;
};

} // namespace httptest::v1
