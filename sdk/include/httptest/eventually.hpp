#pragma once

#include <httptest/abi.hpp>
#include <httptest/condition.hpp>
#include <httptest/exchange.hpp>
#include <httptest/location.hpp>
#include <httptest/patience.hpp>
#include <httptest/session.hpp>

#include <chrono>
#include <concepts>
#include <functional>
#include <string>
#include <utility>

namespace httptest::inline v1 {

/// Sends a request again and again until a reply is as wanted; made by `eventually`. `until` comes last and does it.
///
/// An attempt that gets no reply because something is still starting (name unknown, connection refused or lost, reply
/// cut short or late, login's endpoint not up) is followed by the next; certificates, refused credentials and settings
/// end it at once, as their own errors. Waits end with the harness.
class HTTPTEST_API Eventually {
public:
    /// @throws InvalidRequest  The patience is none: see `within` and `every`.
    Eventually(RequestBuilder request, Patience patience, Location where);
    /// Reports where `until` was forgotten: nothing was sent then.
    ~Eventually();
    Eventually(Eventually const&) = delete;
    Eventually& operator=(Eventually const&) = delete;

    /// How long to try, each attempt included; a minute without it.
    /// @throws InvalidRequest  Zero or less.
    [[nodiscard]] Eventually& within(std::chrono::nanoseconds limit);

    /// Pauses between attempts, growing by half from `first` to `longest`; 1 s to 5 s without it, less where `within` is
    /// short. A `Retry-After` of a 429 or 503 makes a pause longer.
    /// @throws InvalidRequest  Zero or less, or `first` over `longest`.
    [[nodiscard]] Eventually& every(std::chrono::nanoseconds first, std::chrono::nanoseconds longest);
    [[nodiscard]] Eventually& every(std::chrono::nanoseconds pause) { return every(pause, pause); }

    /// Ends the case at once when a reply fulfils this and not what it waits for. May be called more than once.
    [[nodiscard]] Eventually& failFastOn(Condition condition);

    /// Tries, and returns the first reply that fulfils the condition. Ends the case when none does in time, with all
    /// that changed meanwhile and the last reply.
    /// @throws InvalidRequest  The first pause is longer than `within`.
    /// @throws LoginError, TransportError, Misconfigured  Those that do not pass.
    Exchange until(Condition const& condition, Location where = Location::current());

    /// The same for a function that answers with a bool. Within it a failed expectation means "not yet":
    /// `[](Exchange const& e) { return e.requireStatus(200).json()["phase"] == "Running"; }`.
    template <std::predicate<Exchange const&> Predicate>
    Exchange until(Predicate predicate, Location where = Location::current()) {
        return until("what the test waits for", std::move(predicate), where);
    }

    /// @param what  For the failure text: "the workspace runs".
    template <std::predicate<Exchange const&> Predicate>
    Exchange until(std::string const& what, Predicate predicate, Location where = Location::current()) {
        return until(conditionOf(what, std::move(predicate)), where);
    }

private:
    static Condition conditionOf(std::string what, std::function<bool(Exchange const&)> predicate);

    RequestBuilder request_;
    Location where_;
    Patience patience_;
    int exceptions_;
    bool asked_ = false;
};

/// Waits for a reply:
///
///     auto const workspace = eventually(session.get("/api/v1/workloads/workspaces/{id}").path("id", id))
///                                .within(60s)
///                                .every(1s, 5s)
///                                .failFastOn(status({401, 403, 404}))
///                                .until(status(200));
[[nodiscard]] inline Eventually eventually(RequestBuilder request, Location where = Location::current()) {
    return {std::move(request), {}, where};
}

/// The same with a patience that a suite keeps for its waits; calls that follow may say otherwise for this one.
[[nodiscard]] inline Eventually eventually(RequestBuilder request, Patience patience,
                                           Location where = Location::current()) {
    return {std::move(request), std::move(patience), where};
}

} // namespace httptest::v1
