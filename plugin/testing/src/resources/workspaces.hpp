#pragma once

#include "../router.hpp"
#include "../server_clock.hpp"
#include "projects.hpp"
#include "workspace_phases.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace runai::testing {

/// Workspaces, whose phases move with every GET of them, after its reply, or by hand. They end with their project.
/// Thread-safe.
class Workspaces {
public:
    /// `clock` and `projects` outlive the object. Workspaces are created in `clusterId` only.
    Workspaces(ServerClock const& clock, std::string clusterId, Projects const& projects);

    std::vector<Route> routes();

    /// A GET moves no phase until `release`.
    void hold();
    /// Every workspace takes one step.
    void step();
    void release();

private:
    struct Workspace {
        nlohmann::json fields;
        WorkspacePhases phases = {};
    };

    Reply create(Request const& request);
    Reply get(Request const& request);
    Reply change(Request const& request, std::function<void(WorkspacePhases&)> const& change);

    /// Null for one that is not there. The mutex is held.
    Workspace* find(std::string const& id);
    bool hasName(std::string const& name, std::string const& projectId) const;
    Place placeOf(Request const& request) const;

    ServerClock const& clock_;
    std::string clusterId_;
    Projects const& projects_;

    mutable std::mutex mutex_; // guards what follows
    std::map<std::string, Workspace> workspaces_;
    bool held_ = false;
};

} // namespace runai::testing
