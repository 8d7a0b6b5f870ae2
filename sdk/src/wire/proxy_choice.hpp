#pragma once

#include "fork_registry.hpp"
#include "wire/proxy.hpp"

#include <httptest/poco_transport.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace httptest::wire {

/// Which proxy a transport takes for which target. Thread-safe.
class ProxyChoice final : ForkAware {
public:
    /// @throws Misconfigured  proxyUrl is malformed. The environment's are looked at when they are needed: they are
    ///                        not set for us, and may be of a kind that no target of ours needs.
    explicit ProxyChoice(TransportSettings const& settings);

    /// Null for none. Valid while this object lives.
    /// @throws Misconfigured  The environment's proxy for this target is malformed.
    Proxy const* of(Origin const& target);

private:
    void beforeFork() override { mutex_.lock(); }
    void afterForkInParent() override { mutex_.unlock(); }
    void afterForkInChild() override { mutex_.unlock(); }

    std::string const http_;
    std::string const https_;
    std::string const any_;
    std::string const exempt_;
    std::unique_ptr<Proxy const> configured_;
    std::mutex mutex_;                                                    // guards fromEnvironment_
    std::map<std::string, std::unique_ptr<Proxy const>> fromEnvironment_; // by their URL
    ForkRegistration registration_{*this};
};

} // namespace httptest::wire
