#pragma once

#include "../router.hpp"
#include "../server_clock.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace runai::testing {

/// The one connected cluster. Immutable.
class Clusters {
public:
    explicit Clusters(ServerClock const& clock);

    static constexpr char const* demoName = "demo-cluster";

    std::string const& demoId() const noexcept { return demoId_; }
    std::vector<Route> routes() const;

private:
    nlohmann::json demoCluster() const;

    std::string demoId_;
    std::string createdAt_;
};

} // namespace runai::testing
