#pragma once

#include "http.hpp"
#include "login_gate.hpp"
#include "tally.hpp"

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace runai::testing {

/// What both token APIs do with a login request before they look into it: count it, record it, make it wait, and
/// answer from the script if there is one. Thread-safe.
class LoginDesk {
public:
    /// `tally` and `gate` outlive the desk.
    LoginDesk(Tally& tally, LoginGate& gate) : tally_(tally), gate_(gate) {}

    Reply serve(TokenApi api, Request const& request, std::function<Reply(Request const&)> const& normally);

    void script(std::deque<Reply> replies);
    std::vector<LoginRequest> recorded() const;

private:
    void record(TokenApi api, Request const& request);
    std::optional<Reply> nextScripted();

    Tally& tally_;
    LoginGate& gate_;

    mutable std::mutex mutex_; // guards what follows
    std::deque<Reply> script_;
    std::deque<LoginRequest> recorded_;
};

} // namespace runai::testing
