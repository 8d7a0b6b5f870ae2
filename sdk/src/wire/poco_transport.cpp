#include <httptest/poco_transport.hpp>

#include "wire/connection.hpp"
#include "wire/connector.hpp"
#include "wire/pool.hpp"
#include "wire/process.hpp"
#include "wire/proxy_choice.hpp"
#include "wire/request_text.hpp"
#include "wire/resolver.hpp"
#include "wire/tls.hpp"
#include "wire/watch.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace httptest::inline v1 {

namespace {

using namespace wire;

TransportLimits checked(TransportLimits const& limits) {
    auto const positive = [](std::chrono::nanoseconds limit) { return limit.count() > 0; };
    if (!positive(limits.connectTimeout) || !positive(limits.tlsTimeout) || !positive(limits.exchangeTimeout)) {
        throw Misconfigured("the transport's timeouts (connect, TLS, exchange) must be longer than nothing");
    }
    if (limits.headerBytes == 0 || limits.headerFields == 0) {
        throw Misconfigured("the transport's limits for headers must be greater than 0");
    }
    return limits;
}

} // namespace

class PocoTransport::Impl {
public:
    explicit Impl(TransportSettings settings)
        : limits_(checked(settings.limits)),
          proxies_(settings),
          resolver_(std::move(settings.resolveName)),
          tls_(std::move(settings.tls)),
          pool_(limits_) {}

    Response send(Request const& request, SteadyTime deadline, std::stop_token const& stop) {
        Watch watch(request, deadline, limits_.exchangeTimeout, stop);
        Proxy const* const proxy = proxies_.of(request.url.origin);
        bool const forwarded = proxy != nullptr && !request.url.origin.secure();
        auto const text = requestText(request, forwarded ? TargetForm::absolute : TargetForm::origin,
                                      forwarded ? proxy->authorization() : std::string_view());
        watch.check(watch.start());

        Errand errand{request, text, watch, isIdempotent(request.method), forwarded ? proxy : nullptr};
        if (auto kept = takeUsable(errand)) {
            if (auto response = tryKept(errand, std::move(kept))) {
                return std::move(*response);
            }
        }
        Timings timings;
        auto const facts = std::make_shared<ConnectionFacts>();
        try {
            auto fresh = connect(request.url.origin, proxy, watch, timings, facts);
            return exchange(errand, fresh, false, timings);
        } catch (TransportError& error) {
            error.setConnection(facts, timings);
            throw;
        }
    }

    std::size_t idleConnections() const { return pool_.size(); }

private:
    using ConnectionPtr = Pool::ConnectionPtr;

    /// What stays the same while one call looks for a connection that carries it.
    struct Errand {
        Request const& request;
        RequestText const& text;
        Watch& watch;
        bool idempotent;
        Proxy const* forwarder; ///< A proxy that reads the request itself.
    };

    ConnectionPtr takeUsable(Errand const& errand) {
        while (auto kept = pool_.take(errand.request.url.origin)) {
            if (kept->isUsable(errand.watch.start())) {
                return kept;
            }
        }
        return nullptr;
    }

    /// Nothing when the connection was dead already and the request may be sent again (RFC 9110 section 9.2.2).
    std::optional<Response> tryKept(Errand const& errand, ConnectionPtr kept) {
        try {
            return exchange(errand, kept, true, {});
        } catch (ConnectionLost const&) {
            if (!errand.idempotent || kept->gotBytes()) {
                throw;
            }
        }
        errand.watch.setPeer(nullptr);
        return std::nullopt;
    }

    Response exchange(Errand const& errand, ConnectionPtr& connection, bool reused, Timings const& timings) {
        auto reply = connection->exchange(errand.text, rulesFor(errand), errand.watch);
        auto const& origin = errand.request.url.origin;
        if (errand.forwarder != nullptr && reply.response.status == 407) {
            errand.forwarder->refuse(407, errand.request.method + ' ' + origin.text(), errand.watch);
        }
        if (!reused && connection->stream().ssl() != nullptr) {
            tls_.remember(origin, connection->stream().socket());
        }
        auto& response = reply.response;
        auto const now = BootClock::now();
        response.timings = timings;
        response.timings.total = now - errand.watch.start();
        response.connectionReused = reused;
        response.connection = connection->facts();
        if (reply.keepAlive) {
            keep(origin, std::move(connection), reply.keepAliveFor, now);
        }
        return std::move(response);
    }

    void keep(Origin const& origin, ConnectionPtr connection, std::optional<std::chrono::seconds> serverLimit,
              SteadyTime now) {
        auto idle = limits_.idleTimeout;
        if (serverLimit) {
            // A tenth less than the server promises, so that the two do not meet.
            idle = std::min<std::chrono::nanoseconds>(idle, *serverLimit - std::chrono::nanoseconds(*serverLimit) / 10);
        }
        if (idle.count() > 0) {
            connection->keep(later(now, idle));
            pool_.put(origin, std::move(connection));
        }
    }

    ReplyRules replyRules() const {
        return {
            .headerBytes = limits_.headerBytes, .headerFields = limits_.headerFields, .bodyBytes = limits_.bodyBytes};
    }

    ReplyRules rulesFor(Errand const& errand) const {
        auto rules = replyRules();
        rules.noBody = errand.request.method == "HEAD";
        if (errand.forwarder != nullptr) {
            rules.speaker = "the proxy";
        }
        if (!errand.idempotent) {
            // Whoever asked may do so, as a login does.
            rules.lossNote = "; the transport does not send it again, since it may have been carried out";
        }
        return rules;
    }

    ConnectionPtr connect(Origin const& origin, Proxy const* proxy, Watch& watch, Timings& timings,
                          std::shared_ptr<ConnectionFacts> const& facts) {
        pool_.sweep(watch.start());
        auto const began = BootClock::now();
        watch.enter(Phase::resolve);
        auto const addresses = proxy != nullptr ? resolver_.resolve(proxy->host(), proxy->port(), watch)
                                                : resolver_.resolve(origin.host, origin.port, watch);
        auto const resolved = BootClock::now();
        timings.resolve = resolved - began;
        for (auto const& address : addresses) {
            facts->addresses.push_back(address.toString());
        }
        facts->proxy = proxy != nullptr ? proxy->text() : "";
        watch.enter(Phase::connect);
        auto const connected = connectToAny(addresses, limits_.connectTimeout, limits_.connectStagger, watch);
        facts->peer = connected.peer.toString();
        timings.connect = BootClock::now() - resolved;
        if (!origin.secure()) {
            return std::make_unique<Connection>(Stream(connected.socket), facts);
        }
        watch.setPeer(facts.get());
        auto socket = connected.socket;
        if (proxy != nullptr) {
            Connection tunnel(Stream(socket), facts);
            proxy->openTunnel(tunnel, origin, replyRules(), watch);
            socket.setBlocking(false);
        }
        auto const reached = BootClock::now();
        timings.proxy = reached - resolved - timings.connect;
        timings.connect = reached - resolved;
        auto const link = tls_.handshake(socket, origin, limits_.tlsTimeout, watch);
        Tls::describe(link.ssl, *facts);
        timings.tls = BootClock::now() - reached;
        return std::make_unique<Connection>(Stream(link), facts);
    }

    TransportLimits const limits_;
    ProxyChoice proxies_;
    Resolver resolver_;
    Tls tls_;
    Pool pool_;
};

PocoTransport::PocoTransport(TransportSettings settings) {
    prepareProcess();
    impl_ = std::make_unique<Impl>(std::move(settings));
}

PocoTransport::~PocoTransport() = default;

Response PocoTransport::send(Request const& request, SteadyTime deadline, std::stop_token stop) {
    return impl_->send(request, deadline, stop);
}

std::size_t PocoTransport::idleConnections() const {
    return impl_->idleConnections();
}

} // namespace httptest::v1
