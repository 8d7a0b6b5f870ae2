#include "token/plugin_answers.hpp"

#include <exception>

namespace httptest::inline v1 {

std::string account(TokenCache::Parts const& parts) {
    try {
        return parts.source->describe();
    } catch (std::exception const&) {
        return parts.provider + " '" + parts.identity + "'";
    }
}

std::string credentialVersion(TokenSource const& source) {
    try {
        return source.credentialVersion();
    } catch (std::exception const&) {
        return "unreadable";
    }
}

} // namespace httptest::v1
