#pragma once

#include <httptest/clock.hpp>
#include <httptest/token_cache.hpp>
#include <httptest/token_source.hpp>
#include <httptest/token_store.hpp>

#include <chrono>
#include <memory>

namespace httptest::inline v1 {

/// A JWT's times are whole seconds: a server may refuse a token up to this long before its lifetime is over.
constexpr std::chrono::nanoseconds expiryResolution = std::chrono::seconds(1);

/// Turns a login's result into a token with all its times fixed.
///
/// The lifetime is the shorter of the reply's `expires_in` and the JWT's `exp - iat`, counted from the moment the
/// request left: the token cannot end later than that on the server's clock. `exp` without `iat` is measured against
/// the reply's Date, so that skewed clocks do not matter. What makes no sense (zero, negative) counts as unknown.
///
/// @param left     Before the login request left.
/// @param arrived  When the reply had come.
/// @param jitter   0 to 1; spreads the start of the refresh window over its first quarter, so that many processes do
///                 not refresh at once.
std::shared_ptr<AccessToken const> accessToken(Token const& token, Instant left, Instant arrived,
                                               TokenPolicy const& policy, double jitter);

/// The same for a token that another process obtained.
std::shared_ptr<AccessToken const> accessToken(StoredLogin const& login, TokenPolicy const& policy, double jitter);

} // namespace httptest::v1
