#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace runai {

/// Decodes base64 or base64url (RFC 4648 sections 4 and 5), padded or not; nothing for what is neither.
std::optional<std::string> fromBase64(std::string_view text);

} // namespace runai
