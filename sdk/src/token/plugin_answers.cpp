#include "token/plugin_answers.hpp"

namespace httptest::inline v1 {

std::string account(TokenCache::Parts const& parts) {
    try {
        return parts.source->describe();
    } catch (...) {
        return parts.provider + " '" + parts.identity + "'";
    }
}

std::string credentialVersion(TokenSource const& source) {
    try {
        return source.credentialVersion();
    } catch (...) {
        return "unreadable";
    }
}

} // namespace httptest::v1
