#pragma once

#include <httptest/abi.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// How long a name may be in Kubernetes (RFC 1123 section 2.1, label).
inline constexpr std::size_t longestName = 63;

/// A name that no other test uses, and that tells who left it behind: "proj-nightly-412-20261124t152354z-k3x9q2fz" of
/// prefix, job and build (JOB_NAME and BUILD_NUMBER, where Jenkins sets them), UTC time and a random end.
///
/// It is valid where Kubernetes wants a name (RFC 1123 label): lower-case letters, digits and '-', a letter first. A long
/// job keeps its end; where there is no room the job is left out, then the build.
/// @param longest  In characters; less than 63 where something will be appended, as in "runai-" + name + "-0-0".
/// @throws InvalidRequest  The prefix has anything else, does not begin with a letter, or is longer than 24; or
///                         `longest` has no room for prefix, time and random end (26 beside the prefix), or is over 63.
HTTPTEST_API std::string uniqueName(std::string_view prefix, std::size_t longest = longestName);

} // namespace httptest::v1
