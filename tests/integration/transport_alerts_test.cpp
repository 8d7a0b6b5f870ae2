#include "transport_support.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <ostream>
#include <string>
#include <string_view>

namespace {

namespace data = boost::unit_test::data;
using namespace httptest;
using namespace httptest::testing;

/// RFC 8446 section 6.
struct Alert {
    char number;
    char const* words;
};

std::ostream& operator<<(std::ostream& out, Alert const& alert) {
    return out << alert.words;
}

Alert const alerts[] = {
    {40, "the server found no common ground, or wants a client certificate (alert: handshake failure)"},
    {42, "the server refused the client certificate (alert: bad certificate); check client_certificate_file"},
    {43, "the server refused the client certificate (alert: unsupported certificate); check client_certificate_file"},
    {44, "the server refused the client certificate (alert: certificate revoked); check client_certificate_file"},
    {45, "the server refused the client certificate (alert: certificate expired); check client_certificate_file"},
    {46, "the server refused the client certificate (alert: certificate unknown); check client_certificate_file"},
    {48, "the server does not trust the client certificate's CA (alert: unknown CA); check client_certificate_file"},
    {49, "the server denied access (alert: access denied); check client_certificate_file"},
    {70, "the server speaks no TLS version from 1.2 on, or from tls_min_version on (alert: protocol version); enable"},
    {71, "the server wants stronger ciphers (alert: insufficient security)"},
    {80, "the server had a failure of its own (alert: internal error)"},
    {112, "the server serves no host of this name (alert: unrecognized name)"},
    {116, "the server wants a client certificate (alert: certificate required); set client_certificate_file and"},
    {47, "the server broke off (alert: illegal parameter)"},
};

/// Answers the ClientHello with these bytes.
StubServer::Handler afterHello(std::string bytes) {
    return [bytes = std::move(bytes)](StubConnection& connection) {
        connection.readBytes(5); // the header of its record; the rest does not matter
        connection.send(bytes);
        connection.waitForClose();
    };
}

std::string tlsFailure(std::string const& answer) {
    StubServer const server(afterHello(answer));
    PocoTransport transport(TransportSettings{});
    auto const failure =
        failureOf<TlsError>([&] { get(transport, "https://127.0.0.1:" + std::to_string(server.port()) + "/"); });
    BOOST_TEST((failure.phase() == Phase::tls));
    return failure.what();
}

} // namespace

BOOST_AUTO_TEST_SUITE(PocoTransport_alerts)

BOOST_DATA_TEST_CASE(each_is_told_in_words_with_what_to_do, data::make(alerts), alert) {
    constexpr std::string_view fatalAlert("\x15\x03\x03\x00\x02\x02", 6);
    checkContains(tlsFailure(std::string(fatalAlert) + alert.number), alert.words);
}

BOOST_AUTO_TEST_CASE(a_server_of_an_older_version_is_told) {
    // ServerHello of TLS 1.1.
    std::string hello("\x02\x00\x00\x26\x03\x02", 6);
    hello += std::string(32, 'r') + std::string("\x00\xc0\x13\x00", 4);
    checkContains(tlsFailure(std::string("\x16\x03\x02\x00", 4) + static_cast<char>(hello.size()) + hello),
                  "the server speaks no TLS version from 1.2 on");
}

BOOST_AUTO_TEST_CASE(a_broken_record_is_quoted_as_openssl_names_it) {
    checkContains(tlsFailure(std::string("\x17\x03\x03\x00\x01x", 6)), "TLS failed: ");
}

BOOST_AUTO_TEST_SUITE_END()
