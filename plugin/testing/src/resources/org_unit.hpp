#pragma once

#include <nlohmann/json_fwd.hpp>

namespace runai::testing {

/// What departments and projects have in common, at their creation and update: takes over the description, the
/// scheduling settings and the resources of each node pool, whose quotas it sums up. Changes nothing when it throws.
/// @throws BadRequest  The resources are missing or malformed.
void applyOrgUnitFields(nlohmann::json const& wanted, nlohmann::json& unit);

} // namespace runai::testing
