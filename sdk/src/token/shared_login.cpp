#include "token/shared_login.hpp"

#include "token/lifetime.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace httptest::inline v1 {

namespace {

using namespace std::chrono_literals;

/// How often a follower looks. A look costs some 50 µs; a login takes 100 ms and more.
constexpr std::chrono::nanoseconds firstLook = 5ms;
constexpr std::chrono::nanoseconds longestLook = 50ms;
/// A rejection is shared no longer than this: nobody waits for credentials that were put right meanwhile.
constexpr std::chrono::nanoseconds longestRejection = 60s;
/// What says "for years" must not be believed: ours never do.
constexpr std::chrono::nanoseconds longestPause = 10min;

struct KindName {
    LoginFailure::Kind kind;
    std::string_view name;
};

/// Failures that another process would meet too. Certificates, proxies and settings are each process's own.
constexpr std::array<KindName, 5> sharedKinds{{
    {LoginFailure::Kind::rejected, "rejected"},
    {LoginFailure::Kind::badReply, "bad reply"},
    {LoginFailure::Kind::throttled, "throttled"},
    {LoginFailure::Kind::unavailable, "unavailable"},
    {LoginFailure::Kind::unreachable, "unreachable"},
}};

std::string_view nameOf(LoginFailure::Kind kind) {
    auto const* const found = std::find_if(sharedKinds.begin(), sharedKinds.end(),
                                           [kind](KindName const& entry) { return entry.kind == kind; });
    return found != sharedKinds.end() ? found->name : std::string_view();
}

std::optional<LoginFailure> failureOf(StoredLogin const& login, SteadyTime now) {
    auto const* const found = std::find_if(sharedKinds.begin(), sharedKinds.end(),
                                           [&](KindName const& entry) { return entry.name == login.failureKind; });
    if (found == sharedKinds.end() || login.failureUntil <= now || login.failureUntil > now + longestPause) {
        return std::nullopt;
    }
    LoginFailure failure;
    failure.kind = found->kind;
    failure.text = login.failureText + " (so a login of another process ended; from the token store)";
    failure.retryAfter = login.failureUntil - now;
    failure.pausedUntil = login.failureUntil;
    return failure;
}

} // namespace

SharedLogin::SharedLogin(std::shared_ptr<TokenStore> const& store, TokenSource const& source, Clock& clock,
                         TokenPolicy const& policy)
    : store_(store),
      clock_(clock),
      policy_(policy) {
    if (!store_) {
        return;
    }
    std::optional<SharingKey> key;
    try {
        key = source.sharing();
    } catch (std::exception const&) {
        return; // the login itself will say what is wrong with the credentials
    }
    if (key && !key->secret.empty()) {
        guarded([&] { entry_ = store_->open(*key); });
    }
}

SharedLogin::~SharedLogin() = default;

template <class Action>
void SharedLogin::guarded(Action action) {
    try {
        action();
    } catch (std::exception const& error) {
        entry_.reset();
        store_->giveUp(error.what());
    }
}

SharedLogin::Found SharedLogin::look(Rules const& rules) {
    last_ = entry_->get();
    SteadyTime const now = clock_.steady();
    if (!last_.accessToken.empty() && now < last_.expiresAt && last_.obtainedAt <= now) {
        auto token = accessToken(last_, policy_, rules.jitter);
        if (now < token->usableUntil && rules.usable(*token)) {
            return {std::move(token), std::nullopt};
        }
    }
    return {nullptr, rules.heedFailures ? failureOf(last_, now) : std::nullopt};
}

SharedLogin::Found SharedLogin::join(Rules const& rules, std::stop_token const& stop) {
    Found found;
    bool leads = entry_ == nullptr;
    std::chrono::nanoseconds pause = firstLook;
    // Each leader's time runs out by itself; somebody who hinders all of them must not hinder us for longer.
    SteadyTime const end = clock_.steady() + 2 * policy_.loginTimeout;
    while (!leads && entry_ && !stop.stop_requested()) {
        guarded([&] {
            found = look(rules);
            if (found.token || found.failure) {
                return;
            }
            leads = entry_->tryLead(clock_.steady() + policy_.loginTimeout);
            if (leads) {
                found = look(rules); // the leader before may have published since
            }
        });
        if (found.token || found.failure) {
            if (leads && entry_) {
                entry_->resign();
            }
            return found;
        }
        if (!leads && entry_) {
            if (pause == firstLook) {
                rules.follows();
            }
            if (clock_.steady() >= end) {
                entry_.reset(); // for this login only
                return {};
            }
            clock_.sleepUntil(clock_.steady() + pause, stop);
            pause = std::min(pause * 3 / 2, longestLook);
        }
    }
    return {};
}

void SharedLogin::publish(AccessToken const& token, std::string hint) {
    if (!entry_) {
        return;
    }
    last_ = {};
    last_.accessToken = Secret(token.authorization.substr(std::string_view("Bearer ").size()));
    last_.obtainedAt = token.obtainedAt;
    last_.expiresAt = token.expiresAt;
    last_.lifetimeSource = token.lifetimeSource;
    last_.clockSkew = token.clockSkew;
    last_.hint = std::move(hint);
    publishLast();
}

void SharedLogin::publish(LoginFailure const& failure, SteadyTime until) {
    std::string_view const name = nameOf(failure.kind);
    if (!entry_ || name.empty()) {
        return;
    }
    last_.failureKind = name;
    last_.failureText = failure.text;
    last_.failureUntil =
        failure.kind == LoginFailure::Kind::rejected ? std::min(until, clock_.steady() + longestRejection) : until;
    publishLast();
}

void SharedLogin::publishLast() {
    guarded([&] { entry_->publish(last_); });
}

} // namespace httptest::v1
