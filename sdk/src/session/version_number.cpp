#include "session/version_number.hpp"

#include <httptest/error.hpp>

#include <charconv>
#include <string>

namespace httptest::inline v1 {

VersionNumber::VersionNumber(std::string_view text) {
    std::string_view rest = text;
    if (rest.starts_with('v')) {
        rest.remove_prefix(1);
    }
    while (true) {
        unsigned part = 0;
        auto const [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), part);
        if (error != std::errc()) {
            break;
        }
        parts_.push_back(part);
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
        if (rest.empty()) {
            while (!parts_.empty() && parts_.back() == 0) {
                parts_.pop_back();
            }
            return;
        }
        if (!rest.starts_with('.')) {
            break;
        }
        rest.remove_prefix(1);
    }
    throw Misconfigured("'" + std::string(text) + "' is no version; give numbers with dots between them, such as 2.20");
}

} // namespace httptest::v1
