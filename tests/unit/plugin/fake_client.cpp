#include "fake_client.hpp"

#include <boost/test/unit_test.hpp>

#include <Poco/Base64Decoder.h>
#include <Poco/Base64Encoder.h>
#include <Poco/Crypto/EVPPKey.h>
#include <Poco/Crypto/X509Certificate.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/StreamCopier.h>
#include <Poco/Timespan.h>
#include <Poco/URI.h>

#include <sstream>

namespace runai::testing {

namespace {

Poco::Net::Context::Ptr clientContext(std::string const& caPem,
                                      httptest::testing::CertificateAndKey const* certificate) {
    Poco::Net::Context::Params params;
    params.verificationMode = Poco::Net::Context::VERIFY_STRICT;
    Poco::Net::Context::Ptr context = new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, params);
    std::istringstream ca(caPem);
    context->addCertificateAuthority(Poco::Crypto::X509Certificate(ca));
    if (certificate != nullptr) {
        std::istringstream own(certificate->certificatePem);
        std::istringstream key(certificate->privateKeyPem);
        context->useCertificate(Poco::Crypto::X509Certificate(own));
        context->usePrivateKey(Poco::Crypto::EVPPKey(nullptr, &key));
    }
    return context;
}

std::unique_ptr<Poco::Net::HTTPClientSession> newSession(std::string const& url, std::string const& caPem,
                                                         httptest::testing::CertificateAndKey const* certificate) {
    Poco::URI const uri(url);
    auto session = uri.getScheme() == "https"
                       ? std::make_unique<Poco::Net::HTTPSClientSession>(uri.getHost(), uri.getPort(),
                                                                         clientContext(caPem, certificate))
                       : std::make_unique<Poco::Net::HTTPClientSession>(uri.getHost(), uri.getPort());
    session->setKeepAlive(true);
    session->setTimeout(Poco::Timespan(10, 0));
    return session;
}

} // namespace

FakeClient::FakeClient(std::string const& url, std::string const& caPem,
                       httptest::testing::CertificateAndKey const* certificate)
    : session_(newSession(url, caPem, certificate)) {}

FakeClient::~FakeClient() = default;
FakeClient::FakeClient(FakeClient&&) noexcept = default;

ClientReply FakeClient::send(std::string const& method, std::string const& path, Headers const& headers,
                             std::string const& body) {
    Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
    for (auto const& [name, value] : headers) {
        request.set(name, value);
    }
    if (!body.empty()) {
        request.setContentLength64(static_cast<Poco::Int64>(body.size()));
    }
    session_->sendRequest(request) << body;
    Poco::Net::HTTPResponse response;
    ClientReply reply;
    Poco::StreamCopier::copyToString(session_->receiveResponse(response), reply.body);
    reply.status = response.getStatus();
    reply.headers = {response.begin(), response.end()};
    return reply;
}

ClientReply FakeClient::get(std::string const& path, std::string const& token) {
    return send("GET", path, {{"Authorization", "Bearer " + token}});
}

ClientReply FakeClient::postJson(std::string const& path, nlohmann::json const& body, std::string const& token) {
    Headers headers{{"Content-Type", "application/json"}};
    if (!token.empty()) {
        headers["Authorization"] = "Bearer " + token;
    }
    return send("POST", path, headers, body.dump());
}

ClientReply FakeClient::loginV1(nlohmann::json const& body) {
    return postJson("/api/v1/token", body);
}

ClientReply FakeClient::loginV2(std::string const& form) {
    return send("POST", "/api/v2/token", {{"Content-Type", "application/x-www-form-urlencoded"}}, form);
}

nlohmann::json clientCredentials(FakeControlPlane const& plane) {
    return {
        {"grantType", "client_credentials"}, {"clientId", plane.clientId()}, {"clientSecret", plane.clientSecret()}};
}

std::string clientCredentialsForm(FakeControlPlane const& plane) {
    return "grant_type=client_credentials&client_id=" + plane.clientId() + "&client_secret=" + plane.clientSecret();
}

nlohmann::json appToken(FakeControlPlane const& plane) {
    return {{"grantType", "app_token"}, {"AppId", plane.clientId()}, {"AppSecret", plane.clientSecret()}};
}

std::string newToken(FakeControlPlane const& plane) {
    auto const reply = FakeClient(plane.url(), plane.caCertificatePem()).loginV2(clientCredentialsForm(plane));
    BOOST_TEST_REQUIRE(reply.status == 200);
    return reply.json().at("access_token");
}

nlohmann::json claimsOf(std::string const& token) {
    auto const begin = token.find('.') + 1;
    std::istringstream encoded(token.substr(begin, token.find('.', begin) - begin));
    Poco::Base64Decoder decoder(encoded, Poco::BASE64_URL_ENCODING | Poco::BASE64_NO_PADDING);
    std::string claims;
    Poco::StreamCopier::copyToString(decoder, claims);
    return nlohmann::json::parse(claims);
}

} // namespace runai::testing
