#pragma once

#include <httptest/error.hpp>
#include <httptest/secret.hpp>
#include <httptest/token_source.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace httptest::testing {

/// A token source without a server. Its script, counters and gate are shared with the test, which keeps them while a
/// cache owns the source.
class SourceScript {
public:
    using Step = std::function<Token(LoginContext const&)>;

    SourceScript& then(Step step) {
        std::lock_guard const lock(mutex_);
        steps_.push_back(std::move(step));
        return *this;
    }

    SourceScript& token(std::string const& text,
                        std::optional<std::chrono::seconds> expiresIn = std::chrono::hours(1)) {
        return then([=](LoginContext const&) { return make(text, expiresIn); });
    }

    template <class Failure, class... Arguments>
    SourceScript& fail(Arguments... arguments) {
        return then([arguments...](LoginContext const&) -> Token { throw Failure(arguments...); });
    }

    /// Answers what comes after the script; without it, tokens "token-1", "token-2", … that live for an hour.
    SourceScript& otherwise(Step step) {
        std::lock_guard const lock(mutex_);
        otherwise_ = std::move(step);
        return *this;
    }

    /// From now on logins wait before their answer, until `release`, their deadline or their stop token.
    void hold() { setHolding(true); }
    void release() { setHolding(false); }

    /// Blocks until a login is held.
    void waitForHeld() {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, std::chrono::seconds(10), [this] { return held_ > 0; })) {
            throw std::runtime_error("no login is held after 10 s");
        }
    }

    /// Calls of `fetch` so far.
    std::size_t calls() const {
        std::lock_guard const lock(mutex_);
        return calls_;
    }

    /// The refresh token that each call of `fetch` was given, or an empty text.
    std::vector<std::string> refreshTokens() const {
        std::lock_guard const lock(mutex_);
        return refreshTokens_;
    }

    std::size_t mostAtOnce() const {
        std::lock_guard const lock(mutex_);
        return mostAtOnce_;
    }

    std::string version() const {
        std::lock_guard const lock(mutex_);
        ++versionReads_;
        return version_;
    }

    std::size_t versionReads() const {
        std::lock_guard const lock(mutex_);
        return versionReads_;
    }

    void setVersion(std::string version) {
        std::lock_guard const lock(mutex_);
        version_ = std::move(version);
    }

    /// Lets its logins be shared through a token store.
    void share(std::string const& account, std::string const& secret) {
        std::lock_guard const lock(mutex_);
        shared_ = {account, secret};
    }

    std::optional<SharingKey> sharing() const {
        std::lock_guard const lock(mutex_);
        return shared_.second.empty() ? std::nullopt
                                      : std::optional(SharingKey{shared_.first, Secret(std::string(shared_.second))});
    }

    /// The hint that each call of `fetch` was given.
    std::vector<std::string> hints() const {
        std::lock_guard const lock(mutex_);
        return hints_;
    }

    static Token make(std::string const& text, std::optional<std::chrono::seconds> expiresIn) {
        Token token;
        token.accessToken = Secret(text);
        token.expiresIn = expiresIn;
        return token;
    }

    Token fetch(LoginContext const& context) {
        Step step;
        {
            std::unique_lock lock(mutex_);
            std::size_t const call = ++calls_;
            refreshTokens_.emplace_back(context.refreshToken != nullptr ? context.refreshToken->reveal() : "");
            hints_.push_back(context.hint);
            mostAtOnce_ = std::max(mostAtOnce_, ++atOnce_);
            waitForRelease(lock, context);
            --atOnce_;
            if (context.stop.stop_requested()) {
                throw Cancelled(Phase::firstByte, "cancelled");
            }
            if (context.clock.steady() >= context.deadline) {
                throw TimedOut(Phase::firstByte, "timed out");
            }
            if (!steps_.empty()) {
                step = std::move(steps_.front());
                steps_.pop_front();
            } else if (otherwise_) {
                step = std::ref(otherwise_); // which may count its calls
            } else {
                step = [call](LoginContext const&) {
                    return make("token-" + std::to_string(call), std::chrono::hours(1));
                };
            }
        }
        return step(context);
    }

private:
    void setHolding(bool holding) {
        std::lock_guard const lock(mutex_);
        holding_ = holding;
        changed_.notify_all();
    }

    void waitForRelease(std::unique_lock<std::mutex>& lock, LoginContext const& context) {
        if (!holding_) {
            return;
        }
        lock.unlock();
        {
            std::stop_callback const wake(context.stop, [this] {
                std::lock_guard const guard(mutex_);
                changed_.notify_all();
            });
            lock.lock();
            ++held_;
            changed_.notify_all();
            while (holding_ && !context.stop.stop_requested() && context.clock.steady() < context.deadline) {
                context.clock.wait(lock, changed_, context.deadline);
            }
            --held_;
            lock.unlock();
        }
        lock.lock();
    }

    mutable std::mutex mutex_; // guards everything below
    std::condition_variable changed_;
    std::deque<Step> steps_;
    Step otherwise_;
    std::string version_ = "v1";
    mutable std::size_t versionReads_ = 0;
    std::vector<std::string> refreshTokens_;
    std::vector<std::string> hints_;
    std::pair<std::string, std::string> shared_;
    bool holding_ = false;
    std::size_t held_ = 0;
    std::size_t calls_ = 0;
    std::size_t atOnce_ = 0;
    std::size_t mostAtOnce_ = 0;
};

class ScriptedSource final : public TokenSource {
public:
    explicit ScriptedSource(std::shared_ptr<SourceScript> script) : script_(std::move(script)) {}

    Token fetch(LoginContext const& context) override { return script_->fetch(context); }
    std::string credentialVersion() const override { return script_->version(); }
    std::optional<SharingKey> sharing() const override { return script_->sharing(); }
    std::string describe() const override { return "client_credentials of 'ci' at https://example.test"; }

private:
    std::shared_ptr<SourceScript> script_;
};

} // namespace httptest::testing
