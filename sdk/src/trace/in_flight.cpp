#include "trace/in_flight.hpp"

#include "time_text.hpp"

#include <httptest/in_flight.hpp>
#include <httptest/redactor.hpp>
#include <httptest/reporter.hpp>

#include <pthread.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace httptest::inline v1 {

namespace {

/// More threads than a test program sends from; those beyond are counted.
constexpr std::size_t slotCount = 64;

std::array<InFlightSlot, slotCount> slots;
std::atomic<unsigned> beyondSlots{0};
std::atomic<bool> watching{false};
struct sigaction actionBefore {};

/// Async-signal-safe: system calls and atomics alone.
void writeInFlight() noexcept {
    constexpr std::string_view head = "httptest: SIGTERM while under way: ";
    std::array<char, 600> line{};
    std::memcpy(line.data(), head.data(), head.size());
    for (InFlightSlot const& slot : slots) {
        std::size_t const size = slot.copy(line.data() + head.size(), line.size() - head.size() - 1);
        if (size > 0) {
            line[head.size() + size] = '\n';
            static_cast<void>(!::write(STDERR_FILENO, line.data(), head.size() + size + 1));
        }
    }
    if (beyondSlots.load() > 0) {
        constexpr std::string_view more = "httptest: SIGTERM while under way: more than 64 requests\n";
        static_cast<void>(!::write(STDERR_FILENO, more.data(), more.size()));
    }
}

void onSigterm(int number, siginfo_t* info, void* context) {
    int const error = errno;
    writeInFlight();
    if ((actionBefore.sa_flags & SA_SIGINFO) != 0) {
        actionBefore.sa_sigaction(number, info, context);
    } else if (actionBefore.sa_handler != SIG_DFL) {
        actionBefore.sa_handler(number);
    } else {
        // Sent again, it ends the process once this handler returns, which tells the parent the true cause.
        ::sigaction(number, &actionBefore, nullptr);
        ::raise(number);
    }
    errno = error;
}

/// What the parent's threads have under way is not the child's.
void forgetInChild() {
    for (InFlightSlot& slot : slots) {
        slot.release();
    }
    beyondSlots = 0;
}

} // namespace

void reportInFlightOnSigterm() noexcept {
    if (watching.exchange(true)) {
        return;
    }
    ::pthread_atfork(nullptr, nullptr, &forgetInChild);
    ::sigaction(SIGTERM, nullptr, &actionBefore);
    bool const ignored = (actionBefore.sa_flags & SA_SIGINFO) == 0 && actionBefore.sa_handler == SIG_IGN;
    if (ignored) {
        return;
    }
    struct sigaction ours {};
    ours.sa_sigaction = &onSigterm;
    ours.sa_flags = SA_SIGINFO | SA_ONSTACK | (actionBefore.sa_flags & (SA_RESTART | SA_NODEFER));
    ours.sa_mask = actionBefore.sa_mask;
    ::sigaction(SIGTERM, &ours, nullptr);
}

InFlight::InFlight(Request const& request, std::string_view purpose, Clock const& clock) {
    if (!watching.load(std::memory_order_relaxed)) {
        return;
    }
    std::string text = cleanForXml(redacted(request.method + " " + request.url.text()));
    constexpr std::size_t longestUrl = 350; // so that the rest has room in the slot
    if (text.size() > longestUrl) {
        text.resize(longestUrl);
        text.append("…");
    }
    text.append(" ").append(purpose).append(", since ").append(utcWithMilliseconds(clock.wall()));
    for (InFlightSlot& slot : slots) {
        if (slot.take(text)) {
            slot_ = &slot;
            return;
        }
    }
    uncounted_ = true;
    beyondSlots.fetch_add(1);
}

InFlight::~InFlight() {
    if (slot_ != nullptr) {
        slot_->release();
    } else if (uncounted_) {
        beyondSlots.fetch_sub(1);
    }
}

InFlightTransport::InFlightTransport(std::shared_ptr<Transport> wrapped, std::shared_ptr<Clock> clock,
                                     std::string purpose)
    : wrapped_(std::move(wrapped)),
      clock_(std::move(clock)),
      purpose_(std::move(purpose)) {}

Response InFlightTransport::send(Request const& request, SteadyTime deadline, std::stop_token stop) {
    InFlight const underWay(request, purpose_, *clock_);
    return wrapped_->send(request, deadline, std::move(stop));
}

} // namespace httptest::v1
