#include "wire/text.hpp"

#include <system_error>

namespace httptest::wire {

std::string excerpt(std::string_view text, std::size_t limit) {
    std::string result = "\"";
    for (char const c : text.substr(0, limit)) {
        result.push_back(c >= ' ' && c < '\x7f' ? c : '?');
    }
    result += text.size() > limit ? "…\"" : "\"";
    return result;
}

std::string errnoText(int error) {
    return std::generic_category().message(error);
}

} // namespace httptest::wire
