#pragma once

#include <httptest/secret.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace httptest::store {

/// Two keys derived from an account's secret (HKDF-SHA256, RFC 5869): one names its files, one seals them. Wiped at its
/// end.
class Keys {
public:
    /// @throws std::runtime_error  OpenSSL cannot.
    explicit Keys(std::string_view secret);
    ~Keys();
    Keys(Keys const&) = delete;
    Keys& operator=(Keys const&) = delete;

    /// 32 hexadecimal digits: an HMAC-SHA256 of `account`, so that a wrong secret does not even find the file.
    std::string name(std::string_view account) const;

    /// AES-256-GCM under a nonce of its own: nonce, ciphertext, tag. @throws std::runtime_error
    std::string seal(std::string_view plain, std::string_view associated) const;

    /// Nothing when it was sealed under another key, with other associated data, or was changed.
    std::optional<std::string> open(std::string_view sealed, std::string_view associated) const;

private:
    using Key = std::array<unsigned char, 32>;
    Key naming_{};
    Key sealing_{};
};

} // namespace httptest::store
