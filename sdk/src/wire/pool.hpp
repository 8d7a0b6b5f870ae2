#pragma once

#include "fork_registry.hpp"
#include "wire/connection.hpp"

#include <httptest/poco_transport.hpp>
#include <httptest/url.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace httptest::wire {

/// Connections that wait for their next request, by origin. Thread-safe.
///
/// One pool belongs to one transport and so to one proxy, one set of TLS settings and one client certificate: these need
/// not be in the key. In a forked child it starts empty; the parent's connections are the parent's.
class Pool final : ForkAware {
public:
    using ConnectionPtr = std::unique_ptr<Connection>;

    explicit Pool(TransportLimits const& limits) : limits_(limits) {}
    ~Pool() override;

    /// The connection used last, which is the likeliest to be alive; null when there is none.
    ConnectionPtr take(Origin const& origin);

    void put(Origin const& origin, ConnectionPtr connection);

    /// Closes what nobody may use any longer. Called where a connection is made anyway.
    void sweep(SteadyTime now);

    std::size_t size() const;

private:
    struct ByHost {
        bool operator()(Origin const& left, Origin const& right) const noexcept;
    };

    void beforeFork() override { mutex_.lock(); }
    void afterForkInParent() override { mutex_.unlock(); }
    void afterForkInChild() override;

    TransportLimits const limits_;
    mutable std::mutex mutex_; // guards idle_; connections are closed outside of it, since closing TLS sends
    std::map<Origin, std::vector<ConnectionPtr>, ByHost> idle_;
    ForkRegistration registration_{*this};
};

} // namespace httptest::wire
