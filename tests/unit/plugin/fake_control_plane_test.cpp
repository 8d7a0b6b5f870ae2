#include "fake_client.hpp"

#include <httptest/testing/test_ca.hpp>

#include <boost/test/unit_test.hpp>

#include <Poco/Exception.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/URI.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>

namespace runai::testing {

namespace {

using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(fake_control_plane)

BOOST_AUTO_TEST_CASE(a_token_opens_the_api) {
    FakeControlPlane const plane;
    FakeClient client(plane.url());
    auto const reply = client.get("/api/v1/clusters", newToken(plane));
    BOOST_TEST(reply.status == 200);
    BOOST_TEST_REQUIRE(reply.json().is_array());
    auto const cluster = reply.json().at(0);
    BOOST_TEST(cluster.at("uuid") == plane.clusterId());
    BOOST_TEST(cluster.at("tenantId").is_number_integer());
    BOOST_TEST(cluster.at("name").is_string());
    BOOST_TEST(cluster.at("createdAt").is_string());
    BOOST_TEST(client.get("/api/v1/clusters/" + plane.clusterId(), plane.newestToken()).json() == cluster);
    BOOST_TEST(client.get("/api/v1/clusters/other", plane.newestToken()).status == 404);
}

BOOST_AUTO_TEST_CASE(each_reason_to_refuse_a_bearer_has_its_own_message) {
    FakeControlPlane plane;
    FakeControlPlane const other;
    FakeClient client(plane.url());
    auto const refusal = [&](Headers const& headers) {
        auto const reply = client.send("GET", "/api/v1/clusters", headers);
        BOOST_TEST(reply.status == 401);
        BOOST_TEST(reply.json().at("code") == 401);
        return reply.message();
    };
    auto const bearer = [](std::string const& token) { return Headers{{"Authorization", "Bearer " + token}}; };
    auto const expired = newToken(plane);
    auto const revoked = newToken(plane);
    plane.revoke(revoked);

    BOOST_TEST(refusal({}) == "The Authorization header is missing.");
    BOOST_TEST(refusal({{"Authorization", "Basic Og=="}}) == "The Authorization header must be of type Bearer.");
    BOOST_TEST(refusal(bearer("")) == "The Authorization header must be of type Bearer.");
    BOOST_TEST(refusal(bearer("opaque")) == "The token is malformed.");
    BOOST_TEST(refusal(bearer("a.b.c")) == "The token is malformed.");
    BOOST_TEST(refusal(bearer(newToken(other))) == "Issuer is not familiar.");
    BOOST_TEST(refusal(bearer(revoked)) == "The token was revoked.");
    BOOST_TEST(client.get("/api/v1/clusters", expired).status == 200);
    plane.setClockSkew(seconds(7200));
    BOOST_TEST(refusal(bearer(expired)) == "The token is expired.");
    BOOST_TEST(refusal(bearer(plane.expiredToken())) == "The token is expired.");
    BOOST_TEST(plane.counters().unauthorized == 9U);
}

BOOST_AUTO_TEST_CASE(a_forged_token_is_refused) {
    FakeControlPlane const plane;
    FakeClient client(plane.url());
    auto const token = newToken(plane);
    auto const payload = token.substr(token.find('.'), token.rfind('.') - token.find('.'));
    auto const unsignedToken = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0" + payload + ".";
    auto const withHmac = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" + payload + ".AAAA";
    auto tampered = token;
    tampered[token.size() - 20] = tampered[token.size() - 20] == 'A' ? 'B' : 'A';
    for (auto const& forged : {unsignedToken, withHmac, tampered, token + "A", token.substr(0, token.size() - 9)}) {
        BOOST_TEST(client.get("/api/v1/clusters", forged).status == 401, forged);
    }
}

BOOST_AUTO_TEST_CASE(the_scheme_is_read_without_regard_to_case) {
    FakeControlPlane const plane;
    FakeClient client(plane.url());
    auto const token = newToken(plane);
    BOOST_TEST(client.send("GET", "/api/v1/clusters", {{"Authorization", "bearer " + token}}).status == 200);
}

BOOST_AUTO_TEST_CASE(every_one_of_many_tokens_is_valid) {
    FakeControlPlane const plane;
    FakeClient client(plane.url());
    // One ECDSA signature in 128 has a number shorter than 32 bytes, which must be padded.
    for (auto count = 0; count < 400; ++count) {
        auto const token = client.loginV2(clientCredentialsForm(plane)).json().at("access_token").get<std::string>();
        BOOST_TEST_REQUIRE(client.get("/api/v1/clusters", token).status == 200, token);
    }
}

BOOST_AUTO_TEST_CASE(a_token_expires_at_its_exp_by_the_servers_clock) {
    FakeControlPlane plane({.tokenLifetime = seconds(600)});
    FakeClient client(plane.url());
    auto const token = newToken(plane);
    plane.setClockSkew(seconds(590));
    BOOST_TEST(client.get("/api/v1/clusters", token).status == 200);
    plane.setClockSkew(seconds(600));
    BOOST_TEST(client.get("/api/v1/clusters", token).status == 401);
}

BOOST_AUTO_TEST_CASE(a_token_without_a_lifetime_never_expires) {
    FakeControlPlane plane({.tokenLifetime = std::nullopt});
    FakeClient client(plane.url());
    auto const reply = client.loginV2(clientCredentialsForm(plane)).json();
    auto const token = reply.at("access_token").get<std::string>();
    BOOST_TEST(!reply.contains("expires_in"));
    BOOST_TEST(!claimsOf(token).contains("exp"));
    plane.setClockSkew(std::chrono::hours(24 * 365));
    BOOST_TEST(client.get("/api/v1/clusters", token).status == 200);
}

BOOST_AUTO_TEST_CASE(clock_skew_moves_iat_exp_and_the_date_header) {
    FakeControlPlane const plane({.clockSkew = seconds(-86400)});
    FakeClient client(plane.url());
    auto const reply = client.loginV2(clientCredentialsForm(plane));
    auto const claims = claimsOf(reply.json().at("access_token"));
    auto const now = std::chrono::duration_cast<seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    auto const age = now - claims.at("iat").get<long>();
    BOOST_TEST(age >= 86400);
    BOOST_TEST(age < 86400 + 60);
    BOOST_TEST(claims.at("exp").get<long>() - claims.at("iat").get<long>() == 3600);
    auto const honest = FakeClient(FakeControlPlane().url()).send("GET", "/").headers.at("Date");
    BOOST_TEST(reply.headers.at("Date") != honest);
}

BOOST_AUTO_TEST_CASE(revoking_all_tokens_spares_those_issued_later) {
    FakeControlPlane plane;
    FakeClient client(plane.url());
    auto const one = newToken(plane);
    auto const two = newToken(plane);
    plane.revokeTokens();
    auto const three = newToken(plane);
    BOOST_TEST(client.get("/api/v1/clusters", one).status == 401);
    BOOST_TEST(client.get("/api/v1/clusters", two).status == 401);
    BOOST_TEST(client.get("/api/v1/clusters", three).status == 200);
    BOOST_TEST(plane.newestToken() == three);
}

BOOST_AUTO_TEST_CASE(revoking_one_token_spares_the_others_and_a_foreign_one_is_an_error) {
    FakeControlPlane plane;
    FakeClient client(plane.url());
    auto const one = newToken(plane);
    auto const two = newToken(plane);
    plane.revoke(one);
    BOOST_TEST(client.get("/api/v1/clusters", one).status == 401);
    BOOST_TEST(client.get("/api/v1/clusters", two).status == 200);
    BOOST_CHECK_THROW(plane.revoke("opaque"), std::invalid_argument);
    BOOST_CHECK_THROW(plane.revoke(newToken(FakeControlPlane())), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_bearer_is_checked_before_path_and_method) {
    FakeControlPlane const plane;
    FakeClient client(plane.url());
    BOOST_TEST(client.send("GET", "/api/v1/nowhere").status == 401);
    BOOST_TEST(client.send("PATCH", "/api/v1/clusters").status == 401);
    auto const token = newToken(plane);
    auto const missing = client.get("/api/v1/nowhere", token);
    BOOST_TEST(missing.status == 404);
    BOOST_TEST(missing.json().at("code") == 404);
    auto const wrongMethod = client.send("PATCH", "/api/v1/clusters", {{"Authorization", "Bearer " + token}});
    BOOST_TEST(wrongMethod.status == 405);
    BOOST_TEST(wrongMethod.json().at("code") == 405);
    BOOST_TEST(wrongMethod.headers.at("Allow") == "GET");
}

BOOST_AUTO_TEST_CASE(paths_outside_the_api_are_404_without_a_bearer) {
    FakeControlPlane const plane;
    FakeClient client(plane.url());
    BOOST_TEST(client.send("GET", "/").status == 404);
    BOOST_TEST(client.send("GET", "/apiary").status == 404);
    BOOST_TEST(client.send("GET", "/%zz").status == 400);
}

BOOST_AUTO_TEST_CASE(a_body_over_the_limit_is_413) {
    FakeControlPlane const plane;
    FakeClient client(plane.url());
    BOOST_TEST(client.loginV2("grant_type=" + std::string((1U << 20) + 1000, 'x')).status == 413);
    BOOST_TEST(client.loginV2(clientCredentialsForm(plane)).status == 200);
}

BOOST_AUTO_TEST_CASE(two_fakes_have_different_secrets_clusters_and_ports) {
    FakeControlPlane const one;
    FakeControlPlane const other;
    BOOST_TEST(one.url() != other.url());
    BOOST_TEST(one.clientSecret() != other.clientSecret());
    BOOST_TEST(one.clientSecret().size() == 64U);
    BOOST_TEST(one.clusterId() != other.clusterId());
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_is_an_error) {
    FakeControlPlane const plane;
    auto const port = Poco::URI(plane.url()).getPort();
    BOOST_CHECK_THROW(FakeControlPlane({.port = port}), std::exception);
}

BOOST_AUTO_TEST_CASE(it_stops_promptly_with_idle_half_sent_and_held_connections) {
    auto plane = std::make_unique<FakeControlPlane>();
    FakeClient idle(plane->url());
    BOOST_TEST(idle.send("GET", "/").status == 404);
    Poco::URI const uri(plane->url());
    Poco::Net::StreamSocket halfSent(Poco::Net::SocketAddress(uri.getHost(), uri.getPort()));
    halfSent.sendBytes("GET / HT", 8);
    plane->holdLogins();
    auto held = std::async(std::launch::async, [form = clientCredentialsForm(*plane), url = plane->url()] {
        try {
            FakeClient(url).loginV2(form);
        } catch (Poco::Exception const&) {
            // Answered or cut off, as the race goes.
        }
    });
    BOOST_TEST(plane->waitForHeldLogins(1, seconds(5)));

    auto const begin = std::chrono::steady_clock::now();
    plane.reset();
    BOOST_TEST((std::chrono::steady_clock::now() - begin < seconds(2)));
    held.get();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(fake_control_plane_tls)

BOOST_AUTO_TEST_CASE(its_own_ca_verifies_it) {
    FakeControlPlane const plane({.tls = true});
    BOOST_TEST(plane.url().starts_with("https://127.0.0.1:"));
    FakeClient client(plane.url(), plane.caCertificatePem());
    BOOST_TEST(client.get("/api/v1/clusters", newToken(plane)).status == 200);
}

BOOST_AUTO_TEST_CASE(it_tells_every_secret_that_it_has_made_or_been_given) {
    FakeControlPlane plane;
    plane.addClient("one", "a-given-secret");
    plane.setSecret("one", "its-next-secret");
    FakeClient client(plane.url());
    auto const login =
        client.loginV2("grant_type=password&username=" + plane.userName() + "&password=" + plane.userPassword()).json();
    std::string const admin = login.at("access_token");
    auto const account = client.postJson("/api/v1/service-accounts", {{"name", "sa"}}, admin).json();
    auto const external = plane.externalToken("job");
    auto const secrets = plane.secrets();
    for (std::string const& secret :
         {plane.clientSecret(), plane.viewerSecret(), plane.userPassword(), std::string("a-given-secret"),
          std::string("its-next-secret"), admin, login.at("refresh_token").get<std::string>(),
          account.at("clientSecret").get<std::string>(), external}) {
        BOOST_TEST(std::count(secrets.begin(), secrets.end(), secret) == 1, secret);
    }
}

BOOST_AUTO_TEST_CASE(another_ca_does_not_verify_it) {
    FakeControlPlane const plane({.tls = true});
    httptest::testing::TestCa const other("another CA");
    FakeClient client(plane.url(), other.certificatePem());
    BOOST_CHECK_THROW(client.send("GET", "/"), Poco::Exception);
}

BOOST_AUTO_TEST_CASE(without_tls_there_is_no_ca) {
    BOOST_TEST(FakeControlPlane().caCertificatePem().empty());
}

BOOST_AUTO_TEST_CASE(a_client_certificate_can_be_required) {
    httptest::testing::TestCa const clients("client CA");
    httptest::testing::TestCa const strangers("another CA");
    FakeControlPlane const plane({.tls = true, .clientCaPem = clients.certificatePem()});
    auto const own = clients.issue({.commonName = "agent", .clientAuth = true});
    auto const foreign = strangers.issue({.commonName = "agent", .clientAuth = true});
    for (auto connection = 0; connection < 2; ++connection) {
        BOOST_TEST(FakeClient(plane.url(), plane.caCertificatePem(), &own).send("GET", "/").status == 404);
    }
    BOOST_CHECK_THROW(FakeClient(plane.url(), plane.caCertificatePem(), &foreign).send("GET", "/"), Poco::Exception);
    BOOST_CHECK_THROW(FakeClient(plane.url(), plane.caCertificatePem()).send("GET", "/"), Poco::Exception);
}

BOOST_AUTO_TEST_CASE(it_stops_promptly_with_idle_connections) {
    auto plane = std::make_unique<FakeControlPlane>(FakeControlPlaneOptions{.tls = true});
    FakeClient client(plane->url(), plane->caCertificatePem());
    BOOST_TEST(client.send("GET", "/").status == 404);
    auto const begin = std::chrono::steady_clock::now();
    plane.reset();
    BOOST_TEST((std::chrono::steady_clock::now() - begin < seconds(2)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace runai::testing
