#pragma once

#include "unit/sdk/session_support.hpp"

#include <httptest/testing/stub_server.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace session_over_network {

/// A server that gives each request the next reply, whichever connection it comes on; 200 after the last.
class ScriptedServer {
public:
    void reply(std::string text) {
        std::lock_guard const lock(mutex_);
        replies_.push_back(std::move(text));
    }

    void redirect(int status, std::string const& location) {
        reply("HTTP/1.1 " + std::to_string(status) + " Moved\r\nLocation: " + location +
              "\r\nContent-Length: 0\r\n\r\n");
    }

    void refuse() { reply("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"); }

    std::string url(std::string_view path = "") const { return server_.url(path); }

    /// Everything received so far.
    std::string received() const {
        std::string all;
        for (auto const& request : server_.requests()) {
            all += request.bytes;
        }
        return all;
    }

    std::vector<std::string> requests() const {
        std::vector<std::string> all;
        for (auto const& request : server_.requests()) {
            all.push_back(request.bytes);
        }
        return all;
    }

private:
    std::string nextReply() {
        std::lock_guard const lock(mutex_);
        if (replies_.empty()) {
            return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        }
        std::string text = std::move(replies_.front());
        replies_.pop_front();
        return text;
    }

    std::mutex mutex_; // guards replies_
    std::deque<std::string> replies_;
    httptest::testing::StubServer server_{[this](httptest::testing::StubConnection& connection) {
        for (;;) {
            connection.readRequest();
            connection.send(nextReply());
        }
    }};
};

/// A harness over the real transport whose logins are scripted: the first token is `tokenOf(1)`.
class SessionOverNetwork {
public:
    httptest::Session session() {
        if (!harness_) {
            httptest::HarnessOptions options = session_support::optionsOf(script, api.url());
            options.transport = nullptr;
            options.clock = nullptr;
            harness_.emplace(options);
        }
        return harness_->session();
    }

    std::shared_ptr<session_support::Script> const script = std::make_shared<session_support::Script>();
    ScriptedServer api;   ///< What the base URL names.
    ScriptedServer other; ///< Another origin: another port.

private:
    std::optional<httptest::Harness> harness_;
};

} // namespace session_over_network
