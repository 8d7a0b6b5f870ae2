// Replies through the whole transport, over a socket: the same as the reader makes of the bytes alone.

#include "input.hpp"

#include "wire/message.hpp"

#include <httptest/error.hpp>
#include <httptest/poco_transport.hpp>
#include <httptest/testing/stub_server.hpp>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <typeinfo>

namespace {

using namespace httptest;
using namespace httptest::testing;

constexpr std::size_t bodyBytes = 8192;
constexpr std::chrono::seconds longest{5};

/// Sends the bytes that it was told to, to whoever asks.
class Server {
public:
    PocoTransport& transport() { return transport_; }
    std::string url() const { return server_.url(); }
    void answerWith(std::string bytes) {
        std::lock_guard const lock(mutex_);
        bytes_ = std::move(bytes);
    }

private:
    /// A copy: the transport may have seen enough, and the next answer be set, while this one is still being sent.
    std::string answer() const {
        std::lock_guard const lock(mutex_);
        return bytes_;
    }

    static TransportSettings settings() {
        TransportSettings settings;
        settings.limits.bodyBytes = bodyBytes;
        settings.limits.idleConnections = 0; // each reply comes from a connection of its own
        return settings;
    }

    mutable std::mutex mutex_; // guards `bytes_`
    std::string bytes_;
    StubServer server_{[this](StubConnection& connection) {
        connection.readHead();
        connection.send(answer());
        connection.close();
    }};
    PocoTransport transport_{settings()};
};

class AllBytes final : public wire::ByteSource {
public:
    explicit AllBytes(std::string_view bytes) : bytes_(bytes) {}

    wire::Bytes read(char* to, std::size_t room) override {
        if (bytes_.empty()) {
            return {0, wire::End::clean};
        }
        std::size_t const count = std::min(room, bytes_.size());
        std::copy_n(bytes_.begin(), count, to);
        bytes_.remove_prefix(count);
        return {count, wire::End::none};
    }

private:
    std::string_view bytes_;
};

struct Outcome {
    std::optional<Response> response;
    char const* error = "";
};

template <class Action>
Outcome outcomeOf(Action action) {
    try {
        return {action(), ""};
    } catch (TransportError const& error) {
        return {std::nullopt, typeid(error).name()};
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static Server server;
    Request request;
    request.method = "GET";
    request.url = Url::parse(server.url());
    std::string const bytes(reinterpret_cast<char const*>(data), size);

    TransportLimits const limits;
    AllBytes source(bytes);
    wire::Watch watch(request, SteadyTime::max(), longest, {});
    Outcome const read = outcomeOf([&] {
        return wire::readReply(
                   source,
                   {.headerBytes = limits.headerBytes, .headerFields = limits.headerFields, .bodyBytes = bodyBytes},
                   watch)
            .response;
    });
    server.answerWith(bytes);
    Outcome const sent = outcomeOf([&] { return server.transport().send(request, BootClock::now() + longest, {}); });

    require(std::string_view(sent.error) == read.error, "the transport fails as the reader does");
    require(sent.response.has_value() == read.response.has_value(), "a reply or an error");
    if (sent.response) {
        require(sent.response->status == read.response->status, "the same status");
        require(sent.response->body == read.response->body, "the same body");
        require(sent.response->body.size() <= bodyBytes, "a body keeps to its limit");
    }
    return 0;
}
