#pragma once

#include "trace/in_flight_slots.hpp"

#include <httptest/clock.hpp>
#include <httptest/request.hpp>
#include <httptest/transport.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace httptest::inline v1 {

/// Notes a request as under way for as long as this lives. One atomic load unless `reportInFlightOnSigterm` was called.
class InFlight {
public:
    /// @param purpose  "as 'default'", "to log in as 'default'".
    InFlight(Request const& request, std::string_view purpose, Clock const& clock);
    ~InFlight();
    InFlight(InFlight const&) = delete;
    InFlight& operator=(InFlight const&) = delete;

private:
    InFlightSlot* slot_ = nullptr;
    bool uncounted_ = false; // there was no slot
};

/// A transport that notes what it sends as under way.
class InFlightTransport final : public Transport {
public:
    InFlightTransport(std::shared_ptr<Transport> wrapped, std::shared_ptr<Clock> clock, std::string purpose);

    Response send(Request const& request, SteadyTime deadline, std::stop_token stop) override;

private:
    std::shared_ptr<Transport> const wrapped_;
    std::shared_ptr<Clock> const clock_;
    std::string const purpose_;
};

} // namespace httptest::v1
