#pragma once

#include "wire/watch.hpp"

#include <Poco/Exception.h>

#include <openssl/ssl.h>

#include <string>

namespace httptest::wire {

/// What OpenSSL said while one handshake ran; its callbacks find it through `current()`, as Poco hides the connection.
class HandshakeRecord {
public:
    HandshakeRecord() noexcept;
    ~HandshakeRecord();
    HandshakeRecord(HandshakeRecord const&) = delete;
    HandshakeRecord& operator=(HandshakeRecord const&) = delete;

    /// Makes every handshake under `context` report to the record of its thread.
    static void observe(SSL_CTX* context, bool verify);

    /// Poco's connection, for questions only. Null before the first step.
    SSL const* connection() const noexcept { return connection_; }

    /// Why the certificate was refused; empty when it was not.
    std::string const& refusal() const noexcept { return refusal_; }
    std::string const& remedy() const noexcept { return remedy_; }
    std::string const& certificate() const noexcept { return certificate_; }

private:
    static HandshakeRecord*& current() noexcept;
    static int verify(int ok, X509_STORE_CTX* store);
    static void inform(SSL const* connection, int where, int value);

    void refuse(X509_STORE_CTX* store);

    SSL const* connection_ = nullptr;
    std::string refusal_;
    std::string remedy_;
    std::string certificate_;
};

/// True when the peer ended the connection without saying so in TLS's way.
bool isUnexpectedEnd(Poco::Exception const& failure);

/// An alert of the peer's or a broken record, in words: "the server refused …".
std::string describeTlsFailure(Poco::Exception const& failure);

/// "CN=example"
std::string describeName(X509_NAME const* name);

/// "Jan  1 00:00:00 2030 GMT"
std::string describeTime(ASN1_TIME const* time);

} // namespace httptest::wire
