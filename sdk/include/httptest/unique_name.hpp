#pragma once

#include <httptest/abi.hpp>

#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// A name that no other test uses, and that tells who left it behind: "proj-nightly-412-20261124t152354z-k3x9q2fz" of
/// prefix, job and build (JOB_NAME and BUILD_NUMBER, where Jenkins sets them), UTC time and a random end.
///
/// It is valid where Kubernetes wants a name (RFC 1123 label): lower-case letters, digits and '-', a letter first, 63
/// characters at most. A long job keeps its end.
/// @throws InvalidRequest  The prefix has anything else, does not begin with a letter, or is longer than 24.
HTTPTEST_API std::string uniqueName(std::string_view prefix);

} // namespace httptest::v1
