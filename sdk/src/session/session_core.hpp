#pragma once

#include <httptest/auth_provider.hpp>
#include <httptest/clock.hpp>
#include <httptest/exchange.hpp>
#include <httptest/harness.hpp>
#include <httptest/transport.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace httptest::inline v1 {

/// What the sessions of one identity share: the road from a finished request to its exchange.
class SessionCore {
public:
    struct Parts {
        Url baseUrl;
        std::vector<Origin> tokenOrigins; ///< The base URL's own first.
        bool allowInsecureHttp = false;
        bool unverifiedTls = false;
        std::string howToAllowInsecureHttp;
        std::chrono::milliseconds requestTimeout{0};
        std::shared_ptr<Transport> transport;
        std::shared_ptr<Clock> clock;
        std::shared_ptr<AuthProvider> provider;
    };

    explicit SessionCore(Parts parts);

    /// The absolute URL of `target` ("/path?query" below the base URL, or an absolute URL).
    Url urlOf(std::string_view target) const;

    /// @param anonymous  Send no credential.
    /// @param timeout    Zero for the default.
    Exchange send(Request const& request, bool anonymous, std::chrono::milliseconds timeout);

    /// See Session::authorize.
    Attachment authorize(Request& request, std::chrono::milliseconds timeout);

    AuthStatus auth() const;
    HarnessCounters counters() const;

    /// Cancels what is under way, waits for it, and ends the provider: later requests fail.
    void close();

private:
    class Use;

    void requireOpen(Request const& request) const;
    SteadyTime deadline(std::chrono::milliseconds timeout) const;
    bool wantsCredential(Request const& request, bool anonymous, std::string& note) const;
    void refuseClearText(Origin const& origin) const;
    void exchange(ExchangeRecord& record, Request const& request, AuthProvider* provider, SteadyTime deadline);
    bool replay(ExchangeRecord& record, Request const& request, AuthProvider& provider, AuthContext const& context);

    Parts parts_;
    std::string pathPrefix_; ///< The base URL's own path, without a trailing slash.
    std::stop_source stop_;
    mutable std::atomic<int> users_{0}; ///< Calls under way.
    std::atomic<std::uint64_t> requests_{0};
    std::atomic<std::uint64_t> attempts_{0};
};

} // namespace httptest::v1
