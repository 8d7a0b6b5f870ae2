#pragma once

#include <httptest/auth_provider.hpp>
#include <httptest/clock.hpp>
#include <httptest/exchange.hpp>
#include <httptest/harness.hpp>
#include <httptest/transport.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace httptest::inline v1 {

class Identities;
class Ledger;

/// What the sessions of one identity share: the road from a finished request to its exchange.
class SessionCore {
public:
    struct Parts {
        std::string identity;
        std::string providerVersion = {};
        std::weak_ptr<Identities> identities;
        Url baseUrl;
        std::vector<Origin> tokenOrigins; ///< The base URL's own first.
        bool allowInsecureHttp = false;
        bool unverifiedTls = false;
        std::string howToAllowInsecureHttp;
        std::chrono::milliseconds requestTimeout{0};
        int redirects = 0; ///< How many are followed where the request says nothing.
        std::size_t bodyLimit = 0;
        std::shared_ptr<Transport> transport;
        std::shared_ptr<Clock> clock;
        std::shared_ptr<AuthProvider> provider;
        std::shared_ptr<Ledger> ledger;                    ///< Null where none is kept.
        std::shared_ptr<CurlOptions const> curl = nullptr; ///< For failure texts.
    };

    explicit SessionCore(Parts parts);

    /// The absolute URL of `target` ("/path?query" below the base URL, or an absolute URL).
    Url urlOf(std::string_view target) const;

    struct Wishes {
        bool anonymous = false;               ///< Send no credential.
        BadCredential const* bad = nullptr;   ///< Send this in place of the identity's own.
        std::chrono::milliseconds timeout{0}; ///< Zero for the default.
        std::optional<int> redirects = {};    ///< Nothing for the default.
        bool replay = true;
        bool gzip = false; ///< Decode the body.
    };

    /// @param request  As the test asked for it.
    Exchange send(Request request, Wishes const& wishes);

    /// See Session::authorize.
    Attachment authorize(Request& request, std::chrono::milliseconds timeout);

    /// See Session::refused.
    Refusal refused(Response const& response, Attachment const& attachment);

    /// Another identity of the same harness.
    std::shared_ptr<SessionCore> sibling(std::string_view identity) const;

    std::string const& identity() const noexcept { return parts_.identity; }
    Clock& clock() const noexcept { return *parts_.clock; }
    std::chrono::milliseconds requestTimeout() const noexcept { return parts_.requestTimeout; }
    std::shared_ptr<Ledger> const& ledger() const noexcept { return parts_.ledger; }
    /// Requested when the identity or its harness ends.
    std::stop_token stopToken() const noexcept { return stop_.get_token(); }

    AuthStatus auth() const;
    HarnessCounters counters() const;

    /// Cancels what is under way, waits for it, and ends the provider: later requests fail with `why`. Once.
    void close(std::string why);

private:
    class Use;

    void requireOpen(Request const& request) const;
    SteadyTime deadline(std::chrono::milliseconds timeout, SteadyTime now) const;
    bool isTokenOrigin(Origin const& origin) const;
    bool wantsCredential(Request const& request, Wishes const& wishes, std::string& note) const;
    void refuseClearText(Origin const& origin) const;
    std::string badAuthorization(Request const& request, BadCredential const& bad, SteadyTime until,
                                 std::string& note) const;
    std::string bearerFor(Request const& request, SteadyTime until, std::string& note) const;
    void run(ExchangeRecord& record, Request request, Wishes const& wishes, SteadyTime until);
    void travel(ExchangeRecord& record, Request plain, Wishes const& wishes, AuthProvider* provider, SteadyTime until);
    void exchange(ExchangeRecord& record, Request const& plain, Wishes const& wishes, AuthProvider* provider,
                  SteadyTime until);
    bool readyReplay(ExchangeRecord& record, Request const& plain, AuthProvider& provider, AuthContext const& context);
    void sendOnce(ExchangeRecord& record, bool gzip, SteadyTime until);

    Parts parts_;
    std::string pathPrefix_; ///< The base URL's own path, without a trailing slash.
    std::string purpose_;    ///< "as 'default'"
    std::stop_source stop_;
    std::string whyClosed_;             ///< Written before the stop is requested.
    mutable std::atomic<int> users_{0}; ///< Calls under way.
    std::atomic<std::uint64_t> requests_{0};
    std::atomic<std::uint64_t> attempts_{0};
    std::atomic<std::uint64_t> accepted_{0}; ///< Replies of 2xx to this identity's credential.
    std::atomic<std::uint64_t> replays_{0};
};

} // namespace httptest::v1
