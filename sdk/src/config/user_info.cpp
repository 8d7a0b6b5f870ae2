#include "config/user_info.hpp"

#include <httptest/redactor.hpp>

namespace httptest::inline v1 {

void keepUserInfoOutOfOutput(std::string_view url) {
    // To the last '@', also one behind a '/': a password may hold both.
    auto const at = url.rfind('@');
    if (at == std::string_view::npos) {
        return;
    }
    auto const scheme = url.find("://");
    std::size_t const begin = scheme == std::string_view::npos || scheme > at ? 0 : scheme + 3;
    std::string_view const userInfo = url.substr(begin, at - begin);
    keepOutOfOutput(userInfo);
    if (auto const colon = userInfo.find(':'); colon != std::string_view::npos) {
        keepOutOfOutput(userInfo.substr(colon + 1));
    }
}

} // namespace httptest::v1
