#pragma once

#include "../collection.hpp"
#include "../router.hpp"
#include "../server_clock.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace runai::testing {

/// Departments, kept in memory; `default` is there from the start. Thread-safe: the collection has a mutex.
class Departments {
public:
    /// Whether a department has projects; those with some cannot be deleted.
    using InUse = std::function<bool(std::string const& id)>;

    /// `clock` outlives the object. Departments are created in `clusterId` only.
    Departments(ServerClock const& clock, std::string clusterId, InUse inUse);

    std::vector<Route> routes();

    std::string const& defaultId() const noexcept { return defaultId_; }
    /// Nothing for an unknown department.
    std::optional<std::string> nameOf(std::string const& id) const;

private:
    Reply list(Request const& request) const;
    Reply create(Request const& request);
    Reply get(Request const& request) const;
    Reply remove(Request const& request);

    nlohmann::json newDepartment(std::string const& name) const;

    ServerClock const& clock_;
    std::string clusterId_;
    InUse inUse_;
    std::atomic<unsigned> newestId_ = 0;
    Collection departments_;
    std::string defaultId_;
};

} // namespace runai::testing
