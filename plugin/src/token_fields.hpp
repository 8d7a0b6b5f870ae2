#pragma once

#include "reply_fields.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace runai {

/// A lifetime as token replies spell it.
struct LifetimeField {
    bool valid = true;                         ///< False for an absurd value.
    std::optional<std::chrono::seconds> value; ///< Nothing when it is not told: absent, null or zero.
};

/// @param field  Null when the reply has none.
LifetimeField readLifetime(FieldValue const* field);

/// What a lifetime field may hold, for error texts.
inline constexpr std::string_view lifetimeRule = "is no number of seconds from 0 to 315360000 (10 years)";

/// What keeps a text from being a bearer token: "is empty", …; empty when nothing does.
std::string faultOfToken(std::string_view token);

} // namespace runai
