#pragma once

#include "trace/trace_file.hpp"

#include <httptest/clock.hpp>
#include <httptest/settings.hpp>
#include <httptest/token_cache.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// How much is written; each level shows what the ones before it show.
enum class TraceLevel {
    off,
    error, ///< Exchanges without a reply, failed logins.
    info,  ///< A line for each exchange and for each event of a token's life.
    wire,  ///< The messages, logins included.
};

/// Writes what happens, without its secrets. Thread-safe.
class Trace {
public:
    /// @param clock  Its wall time stands in each line.
    Trace(TraceLevel level, std::unique_ptr<TraceFile> file, std::shared_ptr<Clock> clock);

    bool shows(TraceLevel level) const noexcept { return level_ >= level; }

    Clock const& clock() const noexcept { return *clock_; }

    /// Numbers an exchange, so that its lines can be found among others'.
    std::uint64_t nextExchange() noexcept { return exchanges_.fetch_add(1, std::memory_order_relaxed) + 1; }

    /// Writes the lines of `text`, redacted, without control characters, each with time, process and `subject`.
    void write(std::string_view subject, std::string_view text) noexcept;

    void event(AuthEvent const& event) noexcept;

private:
    TraceLevel const level_;
    std::unique_ptr<TraceFile> const file_;
    std::shared_ptr<Clock> const clock_;
    std::atomic<std::uint64_t> exchanges_{0};
};

/// What the settings `log` and `log_file` ask for; null for nothing.
/// @throws Misconfigured  The file cannot be written.
std::shared_ptr<Trace> traceOf(Settings const& own, std::shared_ptr<Clock> clock);

} // namespace httptest::v1
