#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace httptest::inline v1 {

/// A text that a signal handler may read while threads write others: made of atomics alone, in memory that is there
/// from the beginning.
class InFlightSlot {
public:
    /// False when somebody has it.
    bool take(std::string_view text) noexcept;
    void release() noexcept { taken_.store(false, std::memory_order_release); }

    /// Copies the text; returns its size, 0 where there is none or it changed meanwhile. Async-signal-safe.
    std::size_t copy(char* to, std::size_t room) const noexcept;

private:
    static constexpr std::size_t longest = 480; // the slot is half a kilobyte

    std::atomic<bool> taken_{false};
    std::atomic<std::uint32_t> version_{0}; // odd while the text is written
    std::atomic<std::uint32_t> size_{0};
    std::array<std::atomic<char>, longest> text_{};
};

} // namespace httptest::v1
