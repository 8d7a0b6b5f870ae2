#include "integration/transport_support.hpp"

#include <httptest/testing/stub_server.hpp>
#include <httptest/testing/temporary_folder.hpp>
#include <httptest/testing/test_ca.hpp>

#include <array>
#include <string>

using namespace httptest;
using namespace httptest::testing;

namespace {

/// A transport whose proxy is the stub. The target's name is never looked up here: that is the proxy's business.
TransportSettings through(StubServer const& proxy, std::string const& userInfo = {}) {
    TransportSettings settings;
    settings.proxyUrl = "http://" + userInfo + "127.0.0.1:" + std::to_string(proxy.port());
    settings.resolveName = [](std::string const&) -> std::vector<std::string> {
        throw std::runtime_error("asked for the target");
    };
    return settings;
}

void checkRefusal(std::string const& status, int number, std::string const& remedy) {
    StubServer const proxy(answering("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n"));
    PocoTransport transport(through(proxy));
    auto const failure = failureOf<ProxyRefused>([&] { get(transport, "https://api.test/"); });
    BOOST_TEST(failure.status() == number);
    BOOST_TEST((failure.phase() == Phase::proxy));
    checkContains(failure.what(), "answered " + std::to_string(number) + " to CONNECT api.test:443; " + remedy);
    BOOST_TEST(transport.idleConnections() == 0U);
}

} // namespace

BOOST_AUTO_TEST_SUITE(PocoTransport_proxy)

BOOST_AUTO_TEST_CASE(tunnels_https_and_keeps_the_tunnel) {
    TestCa const ca("Proxy Test CA");
    auto const leaf = ca.issue({.dnsNames = {"api.test"}});
    TemporaryFolder const folder;
    StubServer const proxy([&leaf](StubConnection& connection) {
        connection.readRequest();
        connection.send(
            "HTTP/1.1 200 Connection established\r\nContent-Length: 5\r\n\r\n"); // the length means nothing here
        connection.startTls({.certificatePem = leaf.certificatePem, .privateKeyPem = leaf.privateKeyPem});
        answering(okReply)(connection);
    });
    auto settings = through(proxy, "user:p%40ss@");
    settings.tls.caFile = folder.write("ca.pem", ca.certificatePem());
    settings.tls.systemCas = false;
    PocoTransport transport(settings);
    for (bool const reused : {false, true}) {
        auto const response = get(transport, "https://api.test/x");
        BOOST_TEST(response.body == "ok");
        BOOST_TEST(response.connectionReused == reused);
        BOOST_TEST(response.connection->proxy == "http://127.0.0.1:" + std::to_string(proxy.port()));
    }
    auto const requests = proxy.requests();
    BOOST_REQUIRE(requests.size() == 3U);
    // user:p@ss
    BOOST_TEST(requests[0].bytes ==
               "CONNECT api.test:443 HTTP/1.1\r\nHost: api.test:443\r\n"
               "Proxy-Authorization: Basic dXNlcjpwQHNz\r\n\r\n");
    BOOST_TEST(requests[1].bytes == "GET /x HTTP/1.1\r\nHost: api.test\r\n\r\n");
    BOOST_TEST(proxy.connections() == 1U);

    failureOf<TlsError>([&] { get(transport, "https://other.test/"); }); // verified through the tunnel too
}

BOOST_AUTO_TEST_CASE(sends_plain_http_to_the_proxy_in_absolute_form) {
    StubServer const proxy(answering(okReply));
    PocoTransport transport(through(proxy, "user:pass@"));
    BOOST_TEST(get(transport, "http://api.test:8080/x?y").body == "ok");
    BOOST_TEST(proxy.requests().at(0).bytes ==
               "GET http://api.test:8080/x?y HTTP/1.1\r\nHost: api.test:8080\r\n"
               "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(sends_no_credentials_when_it_has_none) {
    StubServer const proxy(answering(okReply));
    PocoTransport transport(through(proxy));
    get(transport, "http://api.test/");
    BOOST_TEST(proxy.requests().at(0).bytes == "GET http://api.test/ HTTP/1.1\r\nHost: api.test\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(says_why_the_proxy_refuses_a_tunnel) {
    checkRefusal("407 Proxy Authentication Required", 407, "it wants credentials: set proxy_url");
    checkRefusal("403 Forbidden", 403, "it does not allow this target");
    checkRefusal("405 Method Not Allowed", 405, "it knows no CONNECT");
    checkRefusal("502 Bad Gateway", 502, "it cannot reach the target");
    checkRefusal("302 Found", 302, "check proxy_url");
}

BOOST_AUTO_TEST_CASE(a_407_to_plain_http_is_the_proxys_refusal) {
    StubServer const proxy(answering("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"));
    PocoTransport transport(through(proxy, "user:s3cr3t@"));
    auto const failure = failureOf<ProxyRefused>([&] { get(transport, "http://api.test/"); });
    BOOST_TEST(failure.status() == 407);
    BOOST_TEST(std::string(failure.what()).find("s3cr3t") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_the_proxy_when_it_talks_nonsense) {
    StubServer const proxy([](StubConnection& connection) {
        connection.readRequest();
        std::array<char const*, 3> const replies{"", "nonsense\r\n", "HTTP/1.1 200 OK\r\n\r\nsurplus"};
        connection.send(replies.at(connection.index()));
    });
    PocoTransport transport(through(proxy));
    auto const connect = [&] { get(transport, "https://api.test/"); };
    checkContains(failureOf<ConnectionLost>(connect).what(),
                  "the proxy closed the connection before a byte of the reply");
    checkContains(failureOf<BadReply>(connect).what(), "the proxy sent something that is no HTTP reply");
    checkContains(failureOf<BadReply>(connect).what(), "the proxy sent more than its reply to CONNECT");
}

BOOST_AUTO_TEST_CASE(never_proxies_loopback) {
    StubServer const proxy(answering(okReply));
    StubServer const server(answering(okReply));
    PocoTransport transport(through(proxy));
    for (auto const* host : {"127.0.0.1", "localhost"}) {
        BOOST_TEST(get(transport, server.url("/", host)).connection->proxy.empty());
    }
    BOOST_TEST(proxy.connections() == 0U);
}

BOOST_AUTO_TEST_CASE(the_environments_proxies_are_by_scheme_and_may_lack_theirs) {
    StubServer const proxy(answering(okReply));
    StubServer const other(answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
    TransportSettings settings;
    settings.httpProxyUrl = "user:pass@127.0.0.1:" + std::to_string(proxy.port()) + "/";
    settings.httpsProxyUrl = "http://127.0.0.1:" + std::to_string(other.port());
    PocoTransport transport(settings);
    BOOST_TEST(get(transport, "http://api.test/").body == "ok");
    checkContains(proxy.requests().at(0).bytes, "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n");
    BOOST_TEST(failureOf<ProxyRefused>([&] { get(transport, "https://api.test/"); }).status() == 403);

    settings.proxyUrl = settings.httpsProxyUrl; // wins
    settings.httpProxyUrl = "socks5://not-looked-at";
    PocoTransport configured(settings);
    BOOST_TEST(get(configured, "http://api.test/").status == 403);
}

BOOST_AUTO_TEST_CASE(all_proxy_is_for_the_scheme_that_has_none_of_its_own) {
    StubServer const any(answering(okReply));
    StubServer const own(answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
    TransportSettings settings;
    settings.anyProxyUrl = "127.0.0.1:" + std::to_string(any.port());
    PocoTransport transport(settings);
    BOOST_TEST(get(transport, "http://api.test/").connection->proxy == "http://" + settings.anyProxyUrl);
    settings.httpsProxyUrl = "http://127.0.0.1:" + std::to_string(own.port());
    PocoTransport both(settings);
    BOOST_TEST(get(both, "http://api.test/").body == "ok");
    BOOST_TEST(failureOf<ProxyRefused>([&] { get(both, "https://api.test/"); }).status() == 403);

    settings.httpsProxyUrl.clear();
    settings.anyProxyUrl = "socks5://u:s3cr3t@proxy:1080";
    PocoTransport malformed(settings);
    std::string const text = failureOf<Misconfigured>([&] { get(malformed, "https://api.test/"); }).what();
    checkContains(text, "the proxy's URL (all_proxy) does not begin with http://");
    BOOST_TEST(text.find("s3cr3t") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_malformed_proxy_of_the_environment_is_an_error_where_it_is_needed) {
    StubServer const server(answering(okReply));
    TransportSettings settings;
    settings.httpProxyUrl = "socks5://u:s3cr3t@proxy:1080";
    PocoTransport transport(settings);
    BOOST_TEST(get(transport, server.url()).body == "ok"); // loopback
    std::string const text = failureOf<Misconfigured>([&] { get(transport, "http://api.test/"); }).what();
    checkContains(text, "the proxy's URL (http_proxy) does not begin with http://");
    BOOST_TEST(text.find("s3cr3t") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(exempt_targets_are_reached_without_a_proxy) {
    StubServer const proxy(answering(okReply));
    StubServer const server(answering(okReply));
    auto settings = through(proxy);
    settings.resolveName = [](std::string const&) { return std::vector<std::string>{"127.0.0.1"}; };
    settings.noProxy = "near.test";
    PocoTransport transport(settings);
    BOOST_TEST(get(transport, server.url("/", "a.near.test")).connection->proxy.empty());
    BOOST_TEST(!get(transport, server.url("/", "far.test")).connection->proxy.empty());
    BOOST_TEST(proxy.connections() == 1U);
}

BOOST_AUTO_TEST_CASE(refuses_a_malformed_proxy_url_without_showing_it) {
    for (auto const* url :
         {"proxy:3128", "https://u:s3cr3t@proxy:3128", "http://u:s3cr3t@proxy", "http://u:s3cr3t@proxy:3128/path",
          "http://u:s3cr3t%4@proxy:3128", "http://u%3a:s3cr3t@proxy:3128", "http://u:s3cr3t@proxy:99999"}) {
        TransportSettings settings;
        settings.proxyUrl = url;
        std::string const text = failureOf<Misconfigured>([&] { PocoTransport const transport(settings); }).what();
        checkContains(text, "proxy_url");
        BOOST_TEST(text.find("s3cr3t") == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
