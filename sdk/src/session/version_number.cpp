#include "session/version_number.hpp"

#include <httptest/error.hpp>

#include <algorithm>
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
            return;
        }
        if (!rest.starts_with('.')) {
            break;
        }
        rest.remove_prefix(1);
    }
    throw Misconfigured("'" + std::string(text) + "' is no version; give numbers with dots between them, such as 2.20");
}

std::strong_ordering operator<=>(VersionNumber const& left, VersionNumber const& right) noexcept {
    auto const part = [](VersionNumber const& version, std::size_t i) {
        return i < version.parts_.size() ? version.parts_[i] : 0U;
    };
    for (std::size_t i = 0; i < std::max(left.parts_.size(), right.parts_.size()); ++i) {
        if (auto const order = part(left, i) <=> part(right, i); order != 0) {
            return order;
        }
    }
    return std::strong_ordering::equal;
}

} // namespace httptest::v1
