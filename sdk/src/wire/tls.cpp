#include "wire/tls.hpp"

#include "wire/tls_contexts.hpp"
#include "wire/tls_failure.hpp"
#include "wire/trust_store.hpp"

#include <openssl/err.h>

namespace httptest::wire {

using Poco::Net::SecureStreamSocket;

namespace {

/// Carries a handshake through, one step at a time.
class Handshake {
public:
    Handshake(SecureStreamSocket& socket, TlsSettings const& settings, std::chrono::nanoseconds timeout, Watch& watch)
        : socket_(socket),
          settings_(settings),
          timeout_(timeout),
          watch_(watch) {}

    SSL const* run() {
        int const descriptor = socket_.impl()->sockfd();
        auto const until = later(BootClock::now(), timeout_);
        for (;;) {
            short events = 0;
            switch (step()) {
            case SecureStreamSocket::ERR_SSL_WANT_READ: events = POLLIN; break;
            case SecureStreamSocket::ERR_SSL_WANT_WRITE: events = POLLOUT; break;
            case 0: closed();
            default: return record_.connection();
            }
            if (watch_.wait(descriptor, events, until) == 0) {
                watch_.timedOut(timeout_, "limit of a TLS handshake");
            }
        }
    }

private:
    int step() {
        ERR_clear_error();
        try {
            return socket_.completeHandshake();
        } catch (Poco::Exception const& failure) {
            explain(failure);
        }
    }

    [[noreturn]] void explain(Poco::Exception const& failure) {
        if (!record_.refusal().empty()) {
            watch_.fail<TlsError>(record_.refusal() + "; certificate: " + record_.certificate() +
                                  "; trusted: " + describeTrust(settings_) + "; " + record_.remedy());
        }
        if (isUnexpectedEnd(failure) || failure.code() != 0) {
            closed();
        }
        watch_.fail<TlsError>(describeTlsFailure(failure));
    }

    [[noreturn]] void closed() {
        watch_.fail<ConnectionLost>("the server closed the connection during the TLS handshake");
    }

    SecureStreamSocket& socket_;
    TlsSettings const& settings_;
    std::chrono::nanoseconds timeout_;
    Watch& watch_;
    HandshakeRecord record_;
};

} // namespace

Tls::Tls(TlsSettings settings) : settings_(std::move(settings)), contexts_(std::make_unique<TlsContexts>(settings_)) {}

Tls::~Tls() = default;

SecureLink Tls::handshake(Poco::Net::StreamSocket const& tcp, Origin const& origin, std::chrono::nanoseconds timeout,
                          Watch& watch) {
    watch.enter(Phase::tls);
    auto const known = contexts_->find(origin, watch);
    auto socket = SecureStreamSocket::attach(tcp, known.serverName, known.context, known.session);
    // Poco looks at the flag of the socket below when it reads and at this one when it writes.
    socket.setBlocking(false);
    SSL const* const ssl = Handshake(socket, settings_, timeout, watch).run();
    return {socket, ssl};
}

void Tls::remember(Origin const& origin, SecureStreamSocket socket) {
    contexts_->remember(origin, socket.currentSession());
}

void Tls::describe(SSL const* ssl, ConnectionFacts& facts) {
    facts.tlsVersion = SSL_get_version(ssl);
    facts.cipher = SSL_CIPHER_get_name(SSL_get_current_cipher(ssl));
    if (X509 const* const certificate = SSL_get0_peer_certificate(ssl)) {
        facts.peerIssuer = describeName(X509_get_issuer_name(certificate));
        facts.peerNotAfter = describeTime(X509_get0_notAfter(certificate));
    }
    // A resumed session has no chain, and what is not verified has no anchor.
    STACK_OF(X509) const* const chain = SSL_get0_verified_chain(ssl);
    bool const verified = SSL_get_verify_mode(ssl) != SSL_VERIFY_NONE && SSL_get_verify_result(ssl) == X509_V_OK;
    if (int const length = verified && chain != nullptr ? sk_X509_num(chain) : 0; length > 0) {
        facts.trustAnchor = describeName(X509_get_subject_name(sk_X509_value(chain, length - 1)));
    }
    auto* const asked = const_cast<SSL*>(ssl); // OpenSSL's control interface knows no const
    if (auto const* group = SSL_group_to_name(asked, static_cast<int>(SSL_get_negotiated_group(asked)))) {
        facts.tlsGroup = group;
    }
}

} // namespace httptest::wire
