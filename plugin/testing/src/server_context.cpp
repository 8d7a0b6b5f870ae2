#include "server_context.hpp"

#include <Poco/Crypto/EVPPKey.h>
#include <Poco/Crypto/X509Certificate.h>

#include <openssl/ssl.h>

#include <sstream>

namespace runai::testing {

namespace {

Poco::Crypto::X509Certificate readCertificate(std::string const& pem) {
    std::istringstream stream(pem);
    return Poco::Crypto::X509Certificate(stream);
}

} // namespace

Poco::Net::Context::Ptr serverContext(ServerCertificate const& certificate) {
    using Poco::Net::Context;
    Context::Params params;
    params.verificationMode = certificate.clientCaPem.empty() ? Context::VERIFY_NONE : Context::VERIFY_RELAXED;
    // Poco's default begins with X448, whose key share is slow to make.
    params.ecdhCurve = "X25519:P-256:P-384";
    Context::Ptr context = new Context(Context::TLS_SERVER_USE, params);
    context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
    // Without an id of its own a server that asks for certificates refuses to resume sessions.
    context->enableSessionCache(true, "runai-fake");

    std::istringstream key(certificate.privateKeyPem);
    context->useCertificate(readCertificate(certificate.certificatePem));
    context->usePrivateKey(Poco::Crypto::EVPPKey(nullptr, &key));
    if (!certificate.clientCaPem.empty()) {
        context->addCertificateAuthority(readCertificate(certificate.clientCaPem));
        // VERIFY_STRICT would demand a certificate too, but also that it names the client's host.
        auto* const settings = context->sslContext();
        SSL_CTX_set_verify(settings, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                           SSL_CTX_get_verify_callback(settings));
    }
    return context;
}

} // namespace runai::testing
