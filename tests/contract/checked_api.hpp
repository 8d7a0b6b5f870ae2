#pragma once

#include "unit/plugin/fake_api.hpp"

#include <set>
#include <string>

namespace contract {

/// The fake's API, with every reply held against the contract.
struct CheckedApi : runai::testing::FakeApi {
    /// Fails the case when the status is another one, or the reply against the contract. `path` may have a query.
    nlohmann::json send(std::string const& method, std::string const& path, int expected,
                        nlohmann::json const& body = nullptr);

    /// The fake's routes that have been successful, as FakeControlPlane::routes() writes them.
    std::set<std::string> succeeded;

private:
    std::string routeOf(std::string const& method, std::string const& path) const;
};

/// Fails the case when the reply is against the contract.
void check(std::string const& method, std::string const& path, runai::testing::ClientReply const& reply);

} // namespace contract
