#include "workspace_phases.hpp"

#include <utility>

namespace runai::testing {

void WorkspacePhases::step() {
    if (road_.size() > 1) {
        road_.pop_front();
    }
}

void WorkspacePhases::suspend() {
    want(stopped, {"Stopping", stopped});
}

void WorkspacePhases::resume() {
    want(running, {"Resuming", "Pending", running});
}

void WorkspacePhases::remove() {
    want(deleted, {"Deleting", deleted});
}

void WorkspacePhases::want(std::string_view desired, std::deque<std::string_view> road) {
    if (desired_ != desired && !isEnding()) {
        desired_ = desired;
        road_ = std::move(road);
    }
}

} // namespace runai::testing
