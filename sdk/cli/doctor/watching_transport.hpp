#pragma once

#include <httptest/clock.hpp>
#include <httptest/transport.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace httptest::cli {

/// What went over a transport: no headers and no bodies, since those of a login are secret.
struct Sighting {
    std::string what;    ///< "POST https://…/token"
    std::string outcome; ///< "200", or what was thrown.
    std::chrono::nanoseconds took{0};
};

/// Passes exchanges on to another transport and notes them. Thread-safe: a login runs on a thread of its own.
class WatchingTransport final : public Transport {
public:
    explicit WatchingTransport(std::shared_ptr<Transport> wrapped) : wrapped_(std::move(wrapped)) {}

    Response send(Request const& request, SteadyTime deadline, std::stop_token stop) override;

    /// What was seen since the last call.
    std::vector<Sighting> take();

private:
    std::shared_ptr<Transport> wrapped_;
    std::mutex mutex_; // guards seen_
    std::vector<Sighting> seen_;
};

} // namespace httptest::cli
