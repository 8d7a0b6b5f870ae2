#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

/// What a fuzzer was given, taken piece by piece from the front. Past its end everything is zero or empty.
class Input {
public:
    Input(std::uint8_t const* data, std::size_t size) : rest_(reinterpret_cast<char const*>(data), size) {}

    bool empty() const { return rest_.empty(); }

    std::uint8_t byte() {
        if (rest_.empty()) {
            return 0;
        }
        auto const value = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return value;
    }

    /// 0 to below - 1.
    std::uint32_t draw(std::uint32_t below) { return below > 256 ? (byte() * 256U + byte()) % below : byte() % below; }

    std::string_view upTo(std::size_t size) {
        std::string_view const piece = rest_.substr(0, size);
        rest_.remove_prefix(piece.size());
        return piece;
    }

    std::string_view rest() { return upTo(rest_.size()); }

private:
    std::string_view rest_;
};

/// Ends the process with `what`, so that the fuzzer keeps the input.
inline void require(bool condition, char const* what) {
    if (!condition) {
        std::fprintf(stderr, "broken promise: %s\n", what);
        std::abort();
    }
}
