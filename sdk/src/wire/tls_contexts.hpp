#pragma once

#include "fork_registry.hpp"
#include "wire/openssl_ptr.hpp"
#include "wire/watch.hpp"

#include <httptest/poco_transport.hpp>
#include <httptest/url.hpp>

#include <Poco/Net/Context.h>
#include <Poco/Net/Session.h>

#include <mutex>
#include <string>
#include <unordered_map>

namespace httptest::wire {

/// What a handshake with one origin needs.
struct TlsContext {
    Poco::Net::Context::Ptr context;
    Poco::Net::Session::Ptr session; ///< Null before the first connection.
    std::string serverName;          ///< For SNI; empty for addresses (RFC 6066 section 3).
};

/// Makes and keeps the TLS contexts of a transport, one for each origin. Thread-safe.
class TlsContexts final : ForkAware {
public:
    /// Borrows the settings.
    explicit TlsContexts(TlsSettings const& settings) : settings_(settings) {}

    /// @throws TlsError  A CA, certificate or key file cannot be used; named.
    TlsContext find(Origin const& origin, Watch const& watch);

    void remember(Origin const& origin, Poco::Net::Session::Ptr session);

private:
    X509_STORE* store(Watch const& watch);
    Poco::Net::Context::Ptr makeContext(Origin const& origin, Watch const& watch);
    void useClientCertificate(SSL_CTX* context, Watch const& watch) const;

    void beforeFork() override { mutex_.lock(); }
    void afterForkInParent() override { mutex_.unlock(); }
    void afterForkInChild() override { mutex_.unlock(); }

    TlsSettings const& settings_;
    std::mutex mutex_; // guards the two below
    StorePtr store_;
    std::unordered_map<std::string, TlsContext> contexts_; // by host and port
    ForkRegistration registration_{*this};
};

} // namespace httptest::wire
