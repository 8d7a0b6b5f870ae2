#include "trace/in_flight_slots.hpp"

#include <algorithm>

namespace httptest::inline v1 {

static_assert(std::atomic<char>::is_always_lock_free && std::atomic<std::uint32_t>::is_always_lock_free);

bool InFlightSlot::take(std::string_view text) noexcept {
    if (taken_.exchange(true, std::memory_order_acquire)) {
        return false;
    }
    // A sequence lock; its readers never wait, and never hold up a writer. Who sees a character of this text sees the odd
    // version too. (No fences: ThreadSanitizer does not know them.)
    version_.fetch_add(1, std::memory_order_relaxed);
    std::size_t const size = std::min(text.size(), text_.size());
    for (std::size_t i = 0; i < size; ++i) {
        text_[i].store(text[i], std::memory_order_release);
    }
    size_.store(static_cast<std::uint32_t>(size), std::memory_order_release);
    version_.fetch_add(1, std::memory_order_release);
    return true;
}

std::size_t InFlightSlot::copy(char* to, std::size_t room) const noexcept {
    if (!taken_.load(std::memory_order_acquire)) {
        return 0;
    }
    std::uint32_t const before = version_.load(std::memory_order_acquire);
    std::size_t const size = std::min<std::size_t>(size_.load(std::memory_order_acquire), room);
    for (std::size_t i = 0; i < size; ++i) {
        to[i] = text_[i].load(std::memory_order_acquire);
    }
    bool const whole = before % 2 == 0 && version_.load(std::memory_order_relaxed) == before;
    return whole ? size : 0;
}

} // namespace httptest::v1
