#include <httptest/testing/scripted_transport.hpp>

#include <httptest/error.hpp>

#include <chrono>
#include <stdexcept>

namespace httptest::testing {

namespace {

/// Real time after which a test that waits for held requests is told that they will not come.
constexpr auto callerPatience = std::chrono::seconds(10);

} // namespace

Response reply(int status, std::string contentType, std::string body, Headers headers) {
    Response response;
    response.status = status;
    response.headers = std::move(headers);
    response.headers.set("Content-Type", std::move(contentType));
    response.body = std::move(body);
    return response;
}

Response jsonReply(int status, std::string body, Headers headers) {
    return reply(status, "application/json", std::move(body), std::move(headers));
}

ScriptedTransport::ScriptedTransport(std::shared_ptr<Clock> clock) : clock_(std::move(clock)) {}

ScriptedTransport::~ScriptedTransport() = default;

ScriptedTransport& ScriptedTransport::reply(Response response) {
    return handle([response = std::move(response)](Request const&) { return response; });
}

ScriptedTransport& ScriptedTransport::handle(Handler handler) {
    std::lock_guard const guard(mutex_);
    script_.push_back(std::move(handler));
    return *this;
}

ScriptedTransport& ScriptedTransport::otherwise(Handler handler) {
    std::lock_guard const guard(mutex_);
    otherwise_ = std::move(handler);
    return *this;
}

void ScriptedTransport::hold() {
    std::lock_guard const guard(mutex_);
    holding_ = true;
}

void ScriptedTransport::release() {
    std::lock_guard const guard(mutex_);
    holding_ = false;
    changed_.notify_all();
}

void ScriptedTransport::waitForHeld(std::size_t count) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, callerPatience, [&] { return held_ >= count; })) {
        throw std::runtime_error("only " + std::to_string(held_) + " of " + std::to_string(count) +
                                 " requests are held after 10 s");
    }
}

std::vector<Request> ScriptedTransport::requests() const {
    std::lock_guard const guard(mutex_);
    return requests_;
}

std::size_t ScriptedTransport::requestCount() const {
    std::lock_guard const guard(mutex_);
    return requests_.size();
}

Response ScriptedTransport::send(Request const& request, SteadyTime deadline, std::stop_token stop) {
    // Before the lock: a callback for a stop that was requested already runs in its constructor.
    std::stop_callback const wakeOnStop(stop, [this] {
        std::lock_guard const guard(mutex_);
        changed_.notify_all();
    });
    Handler handler;
    {
        std::unique_lock lock(mutex_);
        requests_.push_back(request);
        // Taken before the wait, so that held requests get their answers in the order in which they came.
        handler = takeHandler(request);
        waitForRelease(lock, deadline, stop);
    }
    return handler(request);
}

void ScriptedTransport::waitForRelease(std::unique_lock<std::mutex>& lock, SteadyTime deadline,
                                       std::stop_token const& stop) {
    ++held_;
    changed_.notify_all();
    while (holding_ && !stop.stop_requested() && clock_->steady() < deadline) {
        clock_->wait(lock, changed_, deadline);
    }
    --held_;
    if (stop.stop_requested()) {
        throw Cancelled(Phase::firstByte, "cancelled before the scripted reply");
    }
    if (clock_->steady() >= deadline) {
        throw TimedOut(Phase::firstByte, "timed out before the scripted reply");
    }
}

ScriptedTransport::Handler ScriptedTransport::takeHandler(Request const& request) {
    if (!script_.empty()) {
        Handler handler = std::move(script_.front());
        script_.pop_front();
        return handler;
    }
    if (otherwise_) {
        return otherwise_;
    }
    throw Error("no reply is scripted for request " + std::to_string(requests_.size()) + ": " + request.method + " " +
                request.url.text());
}

} // namespace httptest::testing
