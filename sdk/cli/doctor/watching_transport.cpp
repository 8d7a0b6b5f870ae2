#include "doctor/watching_transport.hpp"

#include <httptest/error.hpp>

#include <utility>

namespace httptest::cli {

Response WatchingTransport::send(Request const& request, SteadyTime deadline, std::stop_token stop) {
    auto const began = BootClock::now();
    auto const note = [&](std::string outcome) {
        std::lock_guard const lock(mutex_);
        seen_.push_back({request.method + " " + request.url.text(), std::move(outcome), BootClock::now() - began});
    };
    try {
        Response response = wrapped_->send(request, deadline, std::move(stop));
        note(std::to_string(response.status));
        return response;
    } catch (Error const& error) {
        note(error.what());
        throw;
    }
}

std::vector<Sighting> WatchingTransport::take() {
    std::lock_guard const lock(mutex_);
    return std::exchange(seen_, {});
}

} // namespace httptest::cli
