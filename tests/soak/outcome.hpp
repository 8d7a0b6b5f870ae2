#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>

namespace soak {

/// What came of a call: a reply's status, or which error. Copied in plenty while the heap is watched, so it is a number.
class Outcome {
public:
    static Outcome reply(int status) noexcept { return Outcome(status); }
    /// Names the SDK's error; `untyped` for whatever else.
    static Outcome of(std::exception const& error) noexcept;

    bool isReply() const noexcept { return code_ < firstError; }
    bool isUntyped() const noexcept { return code_ == untyped; }
    /// Of a reply.
    int status() const noexcept { return code_; }
    char const* text() const noexcept;

    /// All there are, as indexes of a table.
    static constexpr std::size_t count = 1024;
    std::size_t index() const noexcept { return static_cast<std::size_t>(code_); }
    static Outcome at(std::size_t index) noexcept { return Outcome(static_cast<int>(index)); }

private:
    explicit Outcome(int code) noexcept : code_(static_cast<std::uint16_t>(code)) {}

    static constexpr int firstError = 1000;
    static constexpr int untyped = firstError;

    std::uint16_t code_;
};

} // namespace soak
