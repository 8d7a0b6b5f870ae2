#include "polling/history.hpp"

#include <httptest/redactor.hpp>

#include <array>
#include <cstdio>

namespace httptest::polling {

namespace {

constexpr std::size_t firstKept = 10;
constexpr std::size_t lastKept = 30;
constexpr std::size_t longestFound = 200;

/// Redacted before it is cut, so that no secret is cut in two and escapes; not within a character of UTF-8.
std::string shortened(std::string_view text) {
    std::string line = redacted(text);
    for (char& c : line) {
        c = c == '\n' || c == '\r' ? ' ' : c;
    }
    if (line.size() > longestFound) {
        std::size_t cut = longestFound;
        while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80U) {
            --cut;
        }
        line.resize(cut);
        line.append("…");
    }
    return line;
}

} // namespace

std::string spanText(std::chrono::nanoseconds time) {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    bool const brief = std::chrono::abs(time) < std::chrono::seconds(1);
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), brief ? "%.0f ms" : "%.1f s",
                  brief ? Milliseconds(time).count() : std::chrono::duration<double>(time).count());
    return buffer.data();
}

void History::add(std::chrono::nanoseconds at, std::string_view found) {
    ++attempts_;
    std::string line = shortened(found);
    if (!changes_.empty() && changes_.back().found == line) {
        ++changes_.back().times;
        return;
    }
    changes_.push_back({at, std::move(line), 1});
    if (changes_.size() > firstKept + lastKept) {
        changes_.erase(changes_.begin() + firstKept);
        ++leftOut_;
    }
}

std::string History::text() const {
    std::string text;
    for (std::size_t i = 0; i < changes_.size(); ++i) {
        if (i == firstKept && leftOut_ > 0) {
            text.append("  … ").append(std::to_string(leftOut_)).append(" changes left out …\n");
        }
        Change const& change = changes_[i];
        text.append("  +").append(spanText(change.at)).append(": ").append(change.found);
        if (change.times > 1) {
            text.append(" (").append(std::to_string(change.times)).append(" times)");
        }
        text.append("\n");
    }
    return text;
}

} // namespace httptest::polling
