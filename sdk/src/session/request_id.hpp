#pragma once

#include <string>

namespace httptest::inline v1 {

/// A new value for X-Request-ID: unlike every other's, of other processes and machines too. Nothing in it is secret.
/// Thread-safe, and in a child of fork() unlike the parent's.
std::string newRequestId();

} // namespace httptest::v1
