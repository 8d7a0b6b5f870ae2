#pragma once

#include "store/seal.hpp"

#include <httptest/token_store.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace httptest::store {

constexpr std::size_t longestLoginFile = std::size_t{256} * 1024;

/// What a login's file shows without the secret.
struct LoginFileHead {
    std::uint64_t number = 0;
    std::int64_t expiresAt = 0; ///< SteadyTime, ns.
    std::size_t bytes = 0;      ///< Of the head itself.
};

/// The head of a login's file: "httptest-login 1 <number> <expires at>\n". Nothing when it is not one.
std::optional<LoginFileHead> readHead(std::string_view file);

/// @param place  Name and slot: the file is worth nothing in another place.
/// @throws std::runtime_error
std::string writeLogin(StoredLogin const& login, Keys const& keys, std::string_view place);

/// Nothing for a file that was damaged, cut, moved, or sealed under other keys.
std::optional<StoredLogin> readLogin(std::string_view file, Keys const& keys, std::string_view place);

} // namespace httptest::store
