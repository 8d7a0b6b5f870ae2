#pragma once

#include "faults.hpp"
#include "ledger.hpp"

#include <runai/testing/fake_control_plane.hpp>

#include <memory>
#include <string>

namespace soak {

/// Stands before a fake control plane on loopback, spoils what the plan says and keeps the ledger.
class Relay {
public:
    /// All three outlive it.
    Relay(runai::testing::FakeControlPlane& plane, FaultPlan& plan, Ledger& ledger);
    /// Waits for the clients to close their connections.
    ~Relay();
    Relay(Relay const&) = delete;
    Relay& operator=(Relay const&) = delete;

    std::string url() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace soak
