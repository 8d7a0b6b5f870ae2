#pragma once

#include <runai/testing/fake_control_plane.hpp>

#include <httptest/testing/test_ca.hpp>

#include <nlohmann/json.hpp>

#include <map>
#include <memory>
#include <string>

namespace Poco::Net {
class HTTPClientSession;
}

namespace runai::testing {

using Headers = std::map<std::string, std::string>;

struct ClientReply {
    int status = 0;
    Headers headers;
    std::string body;

    nlohmann::json json() const { return nlohmann::json::parse(body); }
    std::string message() const { return json().at("message"); }
};

/// A plain Poco client of the fake, one connection that is kept alive. It knows nothing of this project's SDK.
class FakeClient {
public:
    explicit FakeClient(std::string const& url, std::string const& caPem = {},
                        httptest::testing::CertificateAndKey const* certificate = nullptr);
    ~FakeClient();
    FakeClient(FakeClient&&) noexcept;

    ClientReply send(std::string const& method, std::string const& path, Headers const& headers = {},
                     std::string const& body = {});

    ClientReply get(std::string const& path, std::string const& token);
    ClientReply postJson(std::string const& path, nlohmann::json const& body, std::string const& token = {});

    /// POST /api/v1/token with JSON.
    ClientReply loginV1(nlohmann::json const& body);
    /// POST /api/v2/token with a form.
    ClientReply loginV2(std::string const& form);

private:
    std::unique_ptr<Poco::Net::HTTPClientSession> session_;
};

/// The documented login with client credentials.
nlohmann::json clientCredentials(FakeControlPlane const& plane);
/// The same for /api/v2/token.
std::string clientCredentialsForm(FakeControlPlane const& plane);
/// The login of the versions before client credentials.
nlohmann::json appToken(FakeControlPlane const& plane);

/// Logs the demo client in at a 3.0 control plane.
std::string newToken(FakeControlPlane const& plane);

/// What a JWT says, unverified.
nlohmann::json claimsOf(std::string const& token);

} // namespace runai::testing
