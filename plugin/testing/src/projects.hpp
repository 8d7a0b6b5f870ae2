#pragma once

#include "router.hpp"
#include "server_clock.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace runai::testing {

/// Projects, kept in memory. Thread-safe.
class Projects {
public:
    /// `clock` outlives the object. Projects are created in `clusterId` only.
    Projects(ServerClock const& clock, std::string clusterId);

    std::vector<Route> routes();

private:
    Reply list(Request const& request) const;
    Reply create(Request const& request);
    Reply get(Request const& request) const;
    Reply update(Request const& request);
    Reply remove(Request const& request);

    nlohmann::json newProject(nlohmann::json const& wanted, std::string const& id) const;
    bool hasName(std::string const& name) const;

    ServerClock const& clock_;
    std::string clusterId_;
    std::string departmentId_;

    mutable std::mutex mutex_;                         // guards what follows
    std::map<std::uint64_t, nlohmann::json> projects_; ///< By id, which is the order of creation.
    std::uint64_t newestId_ = 4500000;
};

} // namespace runai::testing
