#include "login_desk.hpp"

#include <utility>

namespace runai::testing {

namespace {

/// Enough for any test that looks at them, and a bound for a fake that serves a benchmark.
constexpr std::size_t maxRecorded = 1000;

} // namespace

Reply LoginDesk::serve(TokenApi api, Request const& request, std::function<Reply(Request const&)> const& normally) {
    tally_.count(api == TokenApi::v1 ? &Counters::loginRequestsV1 : &Counters::loginRequestsV2);
    record(api, request);
    auto scripted = nextScripted();
    gate_.pass();
    return scripted ? *std::move(scripted) : normally(request);
}

void LoginDesk::script(std::deque<Reply> replies) {
    std::scoped_lock const lock(mutex_);
    script_ = std::move(replies);
}

std::vector<LoginRequest> LoginDesk::recorded() const {
    std::scoped_lock const lock(mutex_);
    return {recorded_.begin(), recorded_.end()};
}

void LoginDesk::record(TokenApi api, Request const& request) {
    std::scoped_lock const lock(mutex_);
    recorded_.push_back({api, request.path, request.headers, request.body});
    if (recorded_.size() > maxRecorded) {
        recorded_.pop_front();
    }
}

std::optional<Reply> LoginDesk::nextScripted() {
    std::scoped_lock const lock(mutex_);
    if (script_.empty()) {
        return std::nullopt;
    }
    auto reply = std::move(script_.front());
    script_.pop_front();
    return reply;
}

} // namespace runai::testing
