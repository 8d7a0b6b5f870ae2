#pragma once

#include <string_view>

namespace httptest::inline v1 {

/// Keeps the credentials of `[scheme://]user:password@host…` out of output, as they are written there; the rest of the
/// URL is no secret. Does nothing for a URL without.
void keepUserInfoOutOfOutput(std::string_view url);

} // namespace httptest::v1
