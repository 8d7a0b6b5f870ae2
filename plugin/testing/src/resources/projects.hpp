#pragma once

#include "../collection.hpp"
#include "../router.hpp"
#include "../server_clock.hpp"
#include "departments.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <vector>

namespace runai::testing {

/// Projects, kept in memory. Thread-safe: the collection has a mutex.
class Projects {
public:
    /// `clock` and `departments` outlive the object. Projects are created in `clusterId` only.
    Projects(ServerClock const& clock, std::string clusterId, Departments const& departments);

    std::vector<Route> routes();

    /// Nothing for an unknown project.
    std::optional<std::string> nameOf(std::string const& id) const;
    /// Without a department for an unknown project.
    Place placeOf(std::string const& id) const;
    bool anyIn(std::string const& departmentId) const;

private:
    Reply list(Request const& request) const;
    Reply create(Request const& request);
    Reply get(Request const& request) const;
    Reply update(Request const& request);
    Reply remove(Request const& request);

    nlohmann::json newProject(nlohmann::json const& wanted) const;

    ServerClock const& clock_;
    std::string clusterId_;
    Departments const& departments_;
    std::atomic<unsigned> newestId_ = 4500000;
    Collection projects_;
};

} // namespace runai::testing
