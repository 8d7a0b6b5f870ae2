#include "wire/pool.hpp"

#include <algorithm>
#include <iterator>

namespace httptest::wire {

Pool::~Pool() = default;

bool Pool::ByHost::operator()(Origin const& left, Origin const& right) const noexcept {
    if (left.port != right.port) {
        return left.port < right.port;
    }
    if (int const order = left.host.compare(right.host); order != 0) {
        return order < 0;
    }
    return left.scheme < right.scheme;
}

Pool::ConnectionPtr Pool::take(Origin const& origin) {
    std::lock_guard const lock(mutex_);
    auto const lane = idle_.find(origin);
    if (lane == idle_.end() || lane->second.empty()) {
        return nullptr;
    }
    auto connection = std::move(lane->second.back());
    lane->second.pop_back();
    return connection;
}

void Pool::put(Origin const& origin, ConnectionPtr connection) {
    if (limits_.idleConnections == 0) {
        return;
    }
    ConnectionPtr oldest;
    std::lock_guard const lock(mutex_);
    auto& lane = idle_[origin];
    if (lane.size() >= limits_.idleConnections) {
        oldest = std::move(lane.front());
        lane.erase(lane.begin());
    }
    lane.push_back(std::move(connection));
}

void Pool::sweep(SteadyTime now) {
    std::vector<ConnectionPtr> expired;
    std::lock_guard const lock(mutex_);
    for (auto lane = idle_.begin(); lane != idle_.end();) {
        auto& connections = lane->second;
        auto const dead =
            std::stable_partition(connections.begin(), connections.end(),
                                  [now](ConnectionPtr const& connection) { return connection->usableUntil() > now; });
        std::move(dead, connections.end(), std::back_inserter(expired));
        connections.erase(dead, connections.end());
        lane = connections.empty() ? idle_.erase(lane) : std::next(lane);
    }
}

std::size_t Pool::size() const {
    std::lock_guard const lock(mutex_);
    std::size_t count = 0;
    for (auto const& [origin, connections] : idle_) {
        count += connections.size();
    }
    return count;
}

void Pool::afterForkInChild() {
    for (auto& [origin, connections] : idle_) {
        for (auto& connection : connections) {
            connection->stream().abandon();
        }
    }
    idle_.clear();
    mutex_.unlock();
}

} // namespace httptest::wire
