#pragma once

#include <httptest/headers.hpp>

#include <chrono>
#include <optional>

namespace httptest::inline v1 {

/// What a session's requests start from, besides the settings.
struct RequestDefaults {
    Headers headers;
    std::chrono::milliseconds timeout{0}; ///< Zero for the setting `request_timeout_ms`.
    std::optional<int> redirects = {};    ///< Nothing for the setting `redirects`.
};

} // namespace httptest::v1
