#pragma once

#include "grant.hpp"
#include "login_reply.hpp"
#include "token_api.hpp"

#include <httptest/url.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace runai {

/// The token API that one control plane is known to have. Thread-safe, without locks: a login that runs during a
/// fork() leaves nothing locked.
class KnownTokenApi {
public:
    std::optional<ApiVersion> get() const noexcept;
    void set(std::optional<ApiVersion> version) noexcept;

private:
    std::atomic<int> version_{0}; ///< 0 for not known.
};

/// What the process has learned of control planes, by base URL and grant. Thread-safe.
class TokenApiMemory {
public:
    std::shared_ptr<KnownTokenApi> of(httptest::Url const& baseUrl, Grant grant);

private:
    std::mutex mutex_; // guards known_
    std::map<std::pair<std::string, Grant>, std::shared_ptr<KnownTokenApi>> known_;
};

/// Decides which token API a login asks, and whether its reply calls for asking the other one.
///
/// v2 first. It counts as absent when it answers as control planes before it do; then v1. Throttling and trouble decide
/// nothing, and a secret that v2 refused is never shown to v1. What worked is remembered; when that is gone, the search
/// starts once more.
class TokenApiChoice {
public:
    /// @param only  The one API to ask: configured, or the only one that has the grant.
    TokenApiChoice(std::optional<ApiVersion> only, std::shared_ptr<KnownTokenApi> known);

    ApiVersion first() const noexcept;

    /// The other API, when `reply` to a request to `first` says that it should be asked.
    std::optional<ApiVersion> second(ApiVersion first, LoginReply const& reply) const noexcept;

    /// Draws the conclusions for later logins.
    void learn(ApiVersion asked, LoginReply const& reply) noexcept;

    /// What to tell later logins of other processes: "v1", "v2"; empty while not known.
    std::string hint() const;

    /// Takes over another process's hint, unless this one knows better.
    void suggest(std::string_view hint) noexcept;

    /// True when the other API is never asked.
    bool pinned() const noexcept { return only_.has_value(); }

private:
    std::optional<ApiVersion> only_;
    std::shared_ptr<KnownTokenApi> known_;
};

} // namespace runai
