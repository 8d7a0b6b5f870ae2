#include <httptest/condition.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace httptest::inline v1 {

Condition status(int expected) {
    return status({expected});
}

Condition status(std::initializer_list<int> expected) {
    std::string text = "status ";
    char const* separator = "";
    for (int const code : expected) {
        text.append(separator).append(std::to_string(code));
        separator = " or ";
    }
    return [codes = std::vector<int>(expected), text](Exchange const& exchange) {
        bool const met = std::find(codes.begin(), codes.end(), exchange.status()) != codes.end();
        return Verdict{met, text, "status " + std::to_string(exchange.status())};
    };
}

} // namespace httptest::v1
