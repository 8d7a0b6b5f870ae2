#include "transport_support.hpp"

#include <httptest/testing/temporary_folder.hpp>
#include <httptest/testing/test_ca.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace httptest::testing {

namespace {

/// A server with TLS, and a client that trusts its CA.
struct SecureServer {
    TestCa ca{"Facts CA"};
    CertificateAndKey leaf = ca.issue({.ipAddresses = {"127.0.0.1"}});
    StubServer server{answering(okReply), {.tls = {{leaf.certificatePem, leaf.privateKeyPem}}}};
    TemporaryFolder folder;

    TransportSettings trusting() const {
        TransportSettings settings;
        settings.tls.caFile = folder.write("ca.pem", ca.certificatePem()).string();
        return settings;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(TransportFacts)

BOOST_FIXTURE_TEST_CASE(a_verified_connection_names_its_trust_anchor_group_and_addresses, SecureServer) {
    PocoTransport transport(trusting());
    auto const facts = get(transport, server.url()).connection;
    BOOST_TEST(facts->trustAnchor == "CN=Facts CA");
    BOOST_TEST(!facts->tlsGroup.empty());
    BOOST_REQUIRE(facts->addresses.size() == 1U);
    BOOST_TEST(facts->addresses[0] == facts->peer);
}

BOOST_FIXTURE_TEST_CASE(an_unverified_connection_has_no_trust_anchor, SecureServer) {
    TransportSettings settings;
    settings.tls.verify = false;
    PocoTransport transport(settings);
    BOOST_TEST(get(transport, server.url()).connection->trustAnchor.empty());
}

BOOST_FIXTURE_TEST_CASE(a_failed_handshake_tells_how_far_the_connection_came, SecureServer) {
    PocoTransport transport;
    auto const failure = failureOf<TlsError>([&] { get(transport, server.url()); });
    BOOST_REQUIRE(failure.connection());
    BOOST_TEST(failure.connection()->peer == "127.0.0.1:" + std::to_string(server.port()));
    BOOST_TEST(failure.connection()->tlsVersion.empty());
    BOOST_TEST(failure.timings().connect.count() > 0);
    BOOST_TEST(failure.timings().tls.count() == 0);
}

BOOST_AUTO_TEST_CASE(a_refused_connection_tells_the_addresses_that_were_tried) {
    std::uint16_t port = 0;
    {
        StubServer const gone(answering(okReply));
        port = gone.port();
    }
    PocoTransport transport;
    std::string const address = "127.0.0.1:" + std::to_string(port);
    auto const failure = failureOf<ConnectFailed>([&] { get(transport, "http://" + address + "/"); });
    BOOST_REQUIRE(failure.connection());
    BOOST_REQUIRE(failure.connection()->addresses.size() == 1U);
    BOOST_TEST(failure.connection()->addresses[0] == address);
    BOOST_TEST(failure.connection()->peer.empty());
}

BOOST_AUTO_TEST_CASE(a_proxys_tunnel_is_a_part_of_the_connection) {
    TestCa const ca("Facts CA");
    auto const leaf = ca.issue({.dnsNames = {"api.test"}});
    TemporaryFolder const folder;
    StubServer const proxy([&](StubConnection& connection) {
        connection.readRequest();
        connection.send("HTTP/1.1 200 Connection established\r\n\r\n");
        connection.startTls({leaf.certificatePem, leaf.privateKeyPem});
        connection.readRequest();
        connection.send(okReply);
    });
    TransportSettings settings;
    settings.tls.caFile = folder.write("ca.pem", ca.certificatePem()).string();
    settings.proxyUrl = "http://127.0.0.1:" + std::to_string(proxy.port());
    PocoTransport transport(settings);
    auto const response = get(transport, "https://api.test/");
    BOOST_TEST(response.timings.proxy.count() > 0);
    BOOST_TEST(response.timings.proxy < response.timings.connect);
    BOOST_TEST(response.connection->addresses[0] == "127.0.0.1:" + std::to_string(proxy.port()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace httptest::testing
