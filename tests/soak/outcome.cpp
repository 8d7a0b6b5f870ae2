#include "outcome.hpp"

#include <httptest/error.hpp>

namespace soak {

namespace {

struct Kind {
    char const* name;
    bool (*is)(std::exception const&);
};

template <class Error>
bool isOf(std::exception const& error) {
    return dynamic_cast<Error const*>(&error) != nullptr;
}

/// The most special first; the place in it is the outcome's number.
constexpr std::array kinds{
    Kind{"an exception of no type of ours", [](std::exception const&) { return false; }},
    Kind{"ConnectFailed", isOf<httptest::ConnectFailed>},
    Kind{"ConnectionLost", isOf<httptest::ConnectionLost>},
    Kind{"BadReply", isOf<httptest::BadReply>},
    Kind{"TimedOut", isOf<httptest::TimedOut>},
    Kind{"Cancelled", isOf<httptest::Cancelled>},
    Kind{"TransportError", isOf<httptest::TransportError>},
    Kind{"CredentialsRejected", isOf<httptest::CredentialsRejected>},
    Kind{"BadLoginReply", isOf<httptest::BadLoginReply>},
    Kind{"LoginThrottled", isOf<httptest::LoginThrottled>},
    Kind{"LoginUnavailable", isOf<httptest::LoginUnavailable>},
    Kind{"LoginUnreachable", isOf<httptest::LoginUnreachable>},
    Kind{"LoginTimedOut", isOf<httptest::LoginTimedOut>},
    Kind{"LoginError", isOf<httptest::LoginError>},
    Kind{"Error", isOf<httptest::Error>},
};

} // namespace

Outcome Outcome::of(std::exception const& error) noexcept {
    for (std::size_t i = 1; i < kinds.size(); ++i) {
        if (kinds.at(i).is(error)) {
            return Outcome(firstError + static_cast<int>(i));
        }
    }
    return Outcome(untyped);
}

char const* Outcome::text() const noexcept {
    auto const kind = static_cast<std::size_t>(code_ - firstError);
    return isReply() || kind >= kinds.size() ? "a reply" : kinds.at(kind).name;
}

} // namespace soak
