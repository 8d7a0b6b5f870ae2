#include <httptest/testing/fault_server.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace httptest::testing {

namespace {

/// A server that a fault server stands before is one of the test's own, and answers soon or never.
constexpr auto upstreamPatience = std::chrono::seconds(30);

/// What belongs to one connection (RFC 9110 section 7.6.1), and the framing that is made anew for the next.
constexpr char const* hopByHop[] = {"Connection",         "Keep-Alive", "Proxy-Connection",  "Proxy-Authorization",
                                    "Proxy-Authenticate", "TE",         "Transfer-Encoding", "Content-Length"};

void removeHopByHop(Headers& headers) {
    for (char const* const name : hopByHop) {
        headers.remove(name);
    }
}

} // namespace

FaultServer::Responder forwardingTo(std::string_view url, TransportSettings settings) {
    auto const transport = std::make_shared<PocoTransport>(std::move(settings));
    return [transport, origin = Url::parse(url).origin](Request request) {
        request.url.origin = origin;
        request.headers.remove("Host");
        removeHopByHop(request.headers);
        bool const isHead = request.method == "HEAD";
        Response reply = transport->send(request, BootClock::now() + upstreamPatience, {});
        auto const* const length = reply.headers.find("Content-Length");
        std::string const promised = isHead && length != nullptr ? *length : "";
        removeHopByHop(reply.headers);
        if (!promised.empty()) {
            reply.headers.set("Content-Length", promised);
        }
        return reply;
    };
}

} // namespace httptest::testing
