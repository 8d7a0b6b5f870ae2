#pragma once

#include "trace/trace.hpp"

#include <httptest/transport.hpp>

#include <memory>
#include <string>

namespace httptest::inline v1 {

/// A transport whose exchanges are written to the trace.
class TracingTransport final : public Transport {
public:
    /// @param purpose  Stands in each exchange's first line: "as 'default'", "to log in as 'default'".
    TracingTransport(std::shared_ptr<Transport> wrapped, std::shared_ptr<Trace> trace, std::string purpose);

    Response send(Request const& request, SteadyTime deadline, std::stop_token stop) override;

private:
    std::shared_ptr<Transport> const wrapped_;
    std::shared_ptr<Trace> const trace_;
    std::string const purpose_;
};

} // namespace httptest::v1
