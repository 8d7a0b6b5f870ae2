#include "wire/text.hpp"

#include <httptest/redactor.hpp>

#include <system_error>

namespace httptest::wire {

std::string excerpt(std::string_view text, std::size_t limit) {
    std::string const shown = redacted(text); // before it is cut: of a secret's beginning nobody knows what it is
    std::string result = "\"";
    for (char const c : std::string_view(shown).substr(0, limit)) {
        result.push_back(c >= ' ' && c < '\x7f' ? c : '?');
    }
    result += shown.size() > limit ? "…\"" : "\"";
    return result;
}

std::string errnoText(int error) {
    return std::generic_category().message(error);
}

} // namespace httptest::wire
