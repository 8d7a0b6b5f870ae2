#pragma once

#include <httptest/clock.hpp>
#include <httptest/request.hpp>
#include <httptest/response.hpp>
#include <httptest/transport.hpp>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace httptest::testing {

/// A reply with a body of this media type.
Response reply(int status, std::string contentType, std::string body, Headers headers = {});

/// A reply with a JSON body, which is sent as it is written.
Response jsonReply(int status, std::string body, Headers headers = {});

/// A transport without a network: answers requests from a script, in order, and keeps copies of them. Thread-safe;
/// outlives every call.
class ScriptedTransport final : public Transport {
public:
    /// Answers a request, or throws.
    using Handler = std::function<Response(Request const&)>;

    /// `clock` measures the deadlines of held requests.
    explicit ScriptedTransport(std::shared_ptr<Clock> clock);
    ~ScriptedTransport() override;
    ScriptedTransport(ScriptedTransport const&) = delete;
    ScriptedTransport& operator=(ScriptedTransport const&) = delete;

    /// Adds one answer to the script.
    ScriptedTransport& reply(Response response);
    ScriptedTransport& handle(Handler handler);

    /// Adds one failure to the script: `fail<ConnectFailed>(Phase::connect, "refused")`.
    template <class Failure, class... Arguments>
    ScriptedTransport& fail(Arguments... arguments) {
        return handle([arguments...](Request const&) -> Response { throw Failure(arguments...); });
    }

    /// Answers every request that comes after the end of the script.
    ScriptedTransport& otherwise(Handler handler);

    /// From now on requests wait before they are answered, until `release`, their deadline or their stop token.
    void hold();
    void release();

    /// Blocks until `count` requests or more are held.
    /// @throws std::runtime_error  They are not within 10 s of real time.
    void waitForHeld(std::size_t count);

    /// All requests so far, the unanswered ones too.
    std::vector<Request> requests() const;
    std::size_t requestCount() const;

    /// @throws TimedOut, Cancelled  Before the answer, held or not.
    /// @throws Error                Nothing is scripted for this request; names it.
    Response send(Request const& request, SteadyTime deadline, std::stop_token stop) override;

private:
    void waitForRelease(std::unique_lock<std::mutex>& lock, SteadyTime deadline, std::stop_token const& stop);
    Handler takeHandler(Request const& request);

    std::shared_ptr<Clock> const clock_;
    mutable std::mutex mutex_; // guards everything below
    std::deque<Handler> script_;
    Handler otherwise_;
    std::vector<Request> requests_;
    bool holding_ = false;
    std::size_t held_ = 0;
    std::condition_variable changed_;
};

} // namespace httptest::testing
