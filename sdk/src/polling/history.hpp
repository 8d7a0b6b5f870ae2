#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace httptest::polling {

/// What a poll saw, told by its changes. Bounded: the first ones and the last ones are kept.
class History {
public:
    /// @param at     Since the poll began.
    /// @param found  "status 200, /phase is \"Pending\""; cut where it is long.
    void add(std::chrono::nanoseconds at, std::string_view found);

    std::size_t attempts() const noexcept { return attempts_; }

    /// A line for each change: "  +2.0 s: status 503 (4 times)".
    std::string text() const;

private:
    struct Change {
        std::chrono::nanoseconds at;
        std::string found;
        std::size_t times;
    };

    std::deque<Change> changes_;
    std::size_t leftOut_ = 0; ///< Changes after the first ones that were dropped.
    std::size_t attempts_ = 0;
};

/// "12.5 s", "250 ms".
std::string spanText(std::chrono::nanoseconds time);

} // namespace httptest::polling
