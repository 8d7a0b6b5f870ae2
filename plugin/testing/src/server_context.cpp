#include "server_context.hpp"

#include <Poco/Crypto/EVPPKey.h>
#include <Poco/Crypto/X509Certificate.h>

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
    params.verificationMode = certificate.clientCaPem.empty() ? Context::VERIFY_NONE : Context::VERIFY_STRICT;
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
    }
    return context;
}

} // namespace runai::testing
