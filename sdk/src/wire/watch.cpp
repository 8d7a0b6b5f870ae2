#include "wire/watch.hpp"

#include "time_text.hpp"

#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <ctime>

namespace httptest::wire {

namespace {

timespec toTimespec(std::chrono::nanoseconds duration) {
    auto const whole = std::chrono::floor<std::chrono::seconds>(duration);
    timespec result{};
    result.tv_sec = static_cast<std::time_t>(whole.count());
    result.tv_nsec = static_cast<long>((duration - whole).count());
    return result;
}

/// poll() with nanoseconds; a signal counts as nothing having happened.
bool pollFor(std::span<pollfd> descriptors, std::chrono::nanoseconds duration) {
    auto const timeout = toTimespec(std::max(duration, std::chrono::nanoseconds::zero()));
    return ::ppoll(descriptors.data(), descriptors.size(), &timeout, nullptr) > 0;
}

} // namespace

SteadyTime later(SteadyTime from, std::chrono::nanoseconds duration) noexcept {
    return duration > SteadyTime::max() - from ? SteadyTime::max() : from + duration;
}

Wake::Wake(std::stop_token const& stop)
    : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      callback_(stop, Signal{event_.get()}) {}

void Wake::Signal::operator()() const noexcept {
    std::uint64_t const one = 1;
    // This fails only when the counter is full, and then the descriptor is readable anyway.
    [[maybe_unused]] auto const written = ::write(descriptor, &one, sizeof one);
}

Watch::Watch(Request const& request, SteadyTime deadline, std::chrono::nanoseconds exchangeTimeout,
             std::stop_token const& stop)
    : request_(request),
      stop_(stop),
      start_(BootClock::now()),
      limit_(std::min(deadline, later(start_, exchangeTimeout))) {}

void Watch::check(SteadyTime now) const {
    if (stop_.stop_requested()) {
        throw Cancelled(phase_, whileDoing("was cancelled", now, ""));
    }
    if (now >= limit_) {
        auto const granted = std::max<std::chrono::nanoseconds>(limit_ - start_, std::chrono::nanoseconds::zero());
        throw TimedOut(phase_, whileDoing("timed out", now, "limit " + seconds(granted)));
    }
}

short Watch::wait(int descriptor, short events, SteadyTime until) {
    pollfd waited{descriptor, events, 0};
    return wait(std::span(&waited, 1), until) ? waited.revents : short{0};
}

bool Watch::wait(std::span<pollfd> descriptors, SteadyTime until) {
    std::array<pollfd, maxWaited + 1> waited{};
    auto const count = std::min(descriptors.size(), maxWaited);
    std::copy_n(descriptors.begin(), count, waited.begin());
    for (;;) {
        auto const now = BootClock::now();
        check(now);
        if (now >= until) {
            return false;
        }
        std::chrono::nanoseconds patience = std::min(limit_, until) - now;
        bool const awake = wake_ && wake_->descriptor() >= 0;
        bool const byTicks = !awake && stop_.stop_possible();
        if (byTicks) {
            patience = std::min<std::chrono::nanoseconds>(patience, tick);
        } else if (awake) {
            waited[count] = {wake_->descriptor(), POLLIN, 0};
        }
        if (pollFor(std::span(waited.data(), count + (awake ? 1 : 0)), patience)) {
            std::copy_n(waited.begin(), count, descriptors.begin());
            if (std::any_of(descriptors.begin(), descriptors.end(), [](pollfd const& d) { return d.revents != 0; })) {
                return true;
            }
        } else if (byTicks && !wake_) {
            wake_.emplace(stop_);
        }
    }
}

void Watch::timedOut(std::chrono::nanoseconds limit, char const* what) const {
    throw TimedOut(phase_, whileDoing("timed out", BootClock::now(), std::string(what) + " " + seconds(limit)));
}

std::string Watch::subject() const {
    constexpr std::size_t shownBytes = 300;
    std::string text = request_.method + ' ' + request_.url.text();
    if (text.size() > shownBytes) {
        text.resize(shownBytes);
        text += "…";
    }
    return text;
}

std::string Watch::peer() const {
    if (peer_ == nullptr) {
        return {};
    }
    return "connected to " + peer_->peer + (peer_->proxy.empty() ? "" : ", the proxy " + peer_->proxy);
}

std::string Watch::inParentheses(std::string const& text) {
    return text.empty() ? text : " (" + text + ")";
}

std::string Watch::whileDoing(char const* verb, SteadyTime now, std::string const& limit) const {
    auto const other = peer();
    return subject() + ' ' + verb + " after " + seconds(now - start_) + " while " + describe(phase_) +
           inParentheses(limit + (limit.empty() || other.empty() ? "" : ", ") + other);
}

} // namespace httptest::wire
