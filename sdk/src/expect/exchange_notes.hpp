#pragma once

#include "expect/json_document.hpp"

#include <httptest/exchange.hpp>

#include <atomic>
#include <mutex>

namespace httptest::inline v1 {

/// What the copies of an exchange share besides its record: made when first wanted. Thread-safe.
class ExchangeNotes {
public:
    /// The body, parsed once.
    static JsonDocument const& json(Exchange const& exchange);

    static ExchangeRecord const& record(Exchange const& exchange) noexcept { return *exchange.record_; }

    /// True for the first caller alone: who shows the exchange in full.
    static bool showInFull(Exchange const& exchange) noexcept { return !exchange.notes_->shown_.exchange(true); }

private:
    std::once_flag parsed_;
    JsonDocument json_; // written once, in `parsed_`
    std::atomic<bool> shown_{false};
};

} // namespace httptest::v1
