#include "wire/text.hpp"

#include <httptest/redactor.hpp>

#include <system_error>

namespace httptest::wire {

std::string excerpt(std::string_view text, std::size_t limit) {
    // First of all: half of a secret, or one that lost a character, would be beyond the redactor.
    std::string const safe = redacted(text);
    std::string result = "\"";
    for (char const c : std::string_view(safe).substr(0, limit)) {
        result.push_back(c >= ' ' && c < '\x7f' ? c : '?');
    }
    result += safe.size() > limit ? "…\"" : "\"";
    return result;
}

std::string errnoText(int error) {
    return std::generic_category().message(error);
}

} // namespace httptest::wire
