#pragma once
#include <string_view>
/// Secrets of tests. Whatever our programs write, `tests/leaks` finds none of their forms in it.
namespace canary {
inline constexpr std::string_view clientSecret = "canary-client-secret+/=\"\\ä-9f3a";
inline constexpr std::string_view accessToken = "canary-access-token-77b1e0d2c4";
inline constexpr std::string_view password = "canary-pass word&%\"'-5c1d";
inline constexpr std::string_view proxyPassword = "canary-proxy-p@ss:word-e41b";
} // namespace canary
