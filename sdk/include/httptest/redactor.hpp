#pragma once

#include <httptest/abi.hpp>
#include <httptest/clock.hpp>

#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// What stands in our output in place of a secret.
inline constexpr std::string_view redactedMark = "[redacted]";

/// Makes `secret` unprintable in everything that the SDK writes from now on: literally, URL-encoded, JSON-escaped, with
/// HTML's entities, in hex, in base64 and base64url at any alignment, and cut by a text's end. Texts under 8 characters are left to the fields and headers that always
/// hold secrets, since they would riddle the output. Thread-safe.
HTTPTEST_API void keepOutOfOutput(std::string_view secret);

/// The same for something that ends, an access token say: it is forgotten at `forgetAt`.
HTTPTEST_API void keepOutOfOutput(std::string_view secret, SteadyTime forgetAt);

/// Returns `text` without secrets: the registered ones, everything shaped like a JWT, and the values of the JSON fields,
/// form fields and headers that carry credentials. Thread-safe; linear in the text for each registered form.
///
/// This is the one piece of process-wide state: a secret must stay hidden whoever writes the text.
HTTPTEST_API std::string redacted(std::string_view text);

/// True for headers whose value is never shown (Authorization, Cookie and the like), whatever the case of `name`.
HTTPTEST_API bool isSecretHeader(std::string_view name) noexcept;

} // namespace httptest::v1
