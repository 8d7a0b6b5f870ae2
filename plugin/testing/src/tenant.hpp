#pragma once

namespace runai::testing {

/// The one tenant; its id is in tokens and in what it owns.
constexpr int tenantId = 1001;

} // namespace runai::testing
