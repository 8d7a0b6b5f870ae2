#pragma once

#include <string>

namespace runai::testing {

/// 256 random bits as 64 hexadecimal digits.
std::string randomSecret();

/// A random UUID (RFC 9562, version 4).
std::string randomUuid();

} // namespace runai::testing
