#pragma once

#include "wire/descriptor.hpp"

#include <httptest/clock.hpp>
#include <httptest/error.hpp>
#include <httptest/request.hpp>
#include <httptest/response.hpp>

#include <poll.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

namespace httptest::wire {

/// The longest that anything blocks without looking at the stop token.
inline constexpr std::chrono::milliseconds tick{50};

/// The most descriptors that one wait takes.
inline constexpr std::size_t maxWaited = 16;

/// Makes a descriptor readable when a stop is requested.
class Wake {
public:
    explicit Wake(std::stop_token const& stop);

    /// Negative when the process has no descriptors left.
    int descriptor() const noexcept { return event_.get(); }

private:
    struct Signal {
        int descriptor;
        void operator()() const noexcept;
    };

    Descriptor event_; // closed after the callback, which writes to it, has gone
    std::stop_callback<Signal> callback_;
};

/// One exchange under way: what was asked, how far it came, when it must end. Lives on the caller's stack.
class Watch {
public:
    /// Borrows the request and the stop token for its life.
    Watch(Request const& request, SteadyTime deadline, std::chrono::nanoseconds exchangeTimeout,
          std::stop_token const& stop);

    SteadyTime start() const noexcept { return start_; }

    Phase phase() const noexcept { return phase_; }
    void enter(Phase phase) noexcept { phase_ = phase; }

    /// Whom texts name from now on: "connected to 127.0.0.1:443". Borrowed; null for nobody.
    void setPeer(ConnectionFacts const* peer) noexcept { peer_ = peer; }

    /// Whether blocking twice for a tick would still end within the limit.
    bool mayBlockForTicks(SteadyTime now) const noexcept { return limit_ - now >= 2 * tick; }

    /// @throws TimedOut, Cancelled
    void check(SteadyTime now) const;

    /// Waits for `events` of `descriptor`. Returns what poll() saw, 0 at `until`.
    /// @throws TimedOut, Cancelled
    short wait(int descriptor, short events, SteadyTime until = SteadyTime::max());

    /// The same for at most `maxWaited` descriptors. Returns false at `until`.
    bool wait(std::span<pollfd> descriptors, SteadyTime until);

    /// Ends the exchange because a limit within it was reached: `what` is "the limit of a TLS handshake", say.
    [[noreturn]] void timedOut(std::chrono::nanoseconds limit, char const* what) const;

    /// "GET https://host/path"
    std::string subject() const;

    /// Throws `Failure` in the current phase, with the subject before `what` and the peer behind it.
    template <class Failure>
    [[noreturn]] void fail(std::string const& what) const {
        throw Failure(phase_, subject() + ": " + what + inParentheses(peer()));
    }

private:
    static std::string inParentheses(std::string const& text);
    std::string peer() const;
    std::string whileDoing(char const* verb, SteadyTime now, std::string const& limit) const;

    Request const& request_;
    std::stop_token const& stop_;
    SteadyTime start_;
    SteadyTime limit_;
    Phase phase_ = Phase::resolve;
    ConnectionFacts const* peer_ = nullptr;
    std::optional<Wake> wake_; // made in the first wait that lasts, since most exchanges never have one
};

/// `from + duration`, or the end of time where that overflows: both may stand for "no limit".
SteadyTime later(SteadyTime from, std::chrono::nanoseconds duration) noexcept;

} // namespace httptest::wire
