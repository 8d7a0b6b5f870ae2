#include "integration/transport_support.hpp"

#include <httptest/testing/stub_server.hpp>
#include <httptest/testing/temporary_folder.hpp>
#include <httptest/testing/test_ca.hpp>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

using namespace httptest;
using namespace httptest::testing;

namespace {

template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};

std::string pemOf(auto write) {
    std::unique_ptr<BIO, FreeWith<BIO_free_all>> const output(BIO_new(BIO_s_mem()));
    write(output.get());
    char* data = nullptr;
    auto const size = BIO_get_mem_data(output.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

/// The pair with its key encrypted (PKCS #8, AES-256).
std::string encryptedKey(CertificateAndKey const& pair, std::string const& passphrase) {
    std::unique_ptr<BIO, FreeWith<BIO_free_all>> const input(
        BIO_new_mem_buf(pair.privateKeyPem.data(), static_cast<int>(pair.privateKeyPem.size())));
    std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>> const key(
        PEM_read_bio_PrivateKey(input.get(), nullptr, nullptr, nullptr));
    return pemOf([&](BIO* to) {
        PEM_write_bio_PKCS8PrivateKey(to, key.get(), EVP_aes_256_cbc(), passphrase.data(),
                                      static_cast<int>(passphrase.size()), nullptr, nullptr);
    });
}

/// Sets a variable of the process until the end of the case; none of its threads reads any meanwhile.
class Variable {
public:
    Variable(char const* name, std::string const& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
    ~Variable() { ::unsetenv(name_); }
    Variable(Variable const&) = delete;
    Variable& operator=(Variable const&) = delete;

private:
    char const* name_;
};

struct Fixture {
    TestCa ca{"Transport Test CA"};
    TemporaryFolder folder;
    std::string caFile = folder.write("ca.pem", ca.certificatePem());

    StubOptions serving(LeafCertificate const& leaf) const { return serving(ca.issue(leaf)); }

    static StubOptions serving(CertificateAndKey const& pair) {
        return {.tls = StubTls{.certificatePem = pair.certificatePem, .privateKeyPem = pair.privateKeyPem}};
    }

    TransportSettings trusting() const {
        TransportSettings settings;
        settings.tls.caFile = caFile;
        settings.tls.systemCas = false;
        settings.resolveName = [](std::string const&) { return std::vector<std::string>{"127.0.0.1"}; };
        return settings;
    }

    /// The transport must refuse the server before it has sent a byte of the request.
    std::string refusal(StubServer const& server, std::string const& host, TransportSettings const& settings) const {
        PocoTransport transport(settings);
        auto const failure = failureOf<TlsError>([&] { get(transport, server.url("/", host)); });
        BOOST_TEST((failure.phase() == Phase::tls));
        BOOST_TEST(server.requests().empty());
        BOOST_TEST(transport.idleConnections() == 0U);
        return failure.what();
    }
};

LeafCertificate const localhost{.dnsNames = {"localhost"}, .ipAddresses = {"127.0.0.1"}};

} // namespace

BOOST_FIXTURE_TEST_SUITE(PocoTransport_tls, Fixture)

BOOST_AUTO_TEST_CASE(reports_the_facts_of_the_connection) {
    StubServer const server(answering(okReply), serving(localhost));
    PocoTransport transport(trusting());
    auto const response = get(transport, server.url("/", "localhost"));
    BOOST_TEST(response.body == "ok");
    BOOST_TEST(response.connection->tlsVersion == "TLSv1.3");
    BOOST_TEST(!response.connection->cipher.empty());
    BOOST_TEST(!response.connection->peerNotAfter.empty());
    checkContains(response.connection->peerIssuer, "CN=Transport Test CA");
    BOOST_TEST(response.connection->peer == "127.0.0.1:" + std::to_string(server.port()));
    BOOST_TEST(response.timings.tls.count() > 0);
}

BOOST_AUTO_TEST_CASE(accepts_addresses_that_the_certificate_names) {
    LeafCertificate const leaf{.ipAddresses = {"127.0.0.1", "::1"}};
    StubServer const v4(answering(okReply), serving(leaf));
    auto options = serving(leaf);
    options.address = "::1";
    StubServer const v6(answering(okReply), options);
    PocoTransport transport(trusting());
    BOOST_TEST(get(transport, v4.url()).body == "ok");
    BOOST_TEST(get(transport, v6.url()).body == "ok");
}

BOOST_AUTO_TEST_CASE(refuses_an_address_that_the_certificate_does_not_name) {
    StubServer const server(answering(okReply), serving(LeafCertificate{.dnsNames = {"localhost"}}));
    checkContains(refusal(server, "127.0.0.1", trusting()), "the certificate is for another host: it names localhost");
}

BOOST_AUTO_TEST_CASE(refuses_localhost_that_the_certificate_does_not_name) {
    StubServer const server(answering(okReply),
                            serving(LeafCertificate{.commonName = "localhost", .dnsNames = {"other.test"}}));
    checkContains(refusal(server, "localhost", trusting()), "it names other.test");
}

BOOST_AUTO_TEST_CASE(refuses_another_host) {
    StubServer const server(answering(okReply), serving(localhost));
    auto const text = refusal(server, "api.test", trusting());
    checkContains(text, "the certificate is for another host: it names localhost, 127.0.0.1");
    checkContains(text, "issued by CN=Transport Test CA");
    checkContains(text, caFile);
}

BOOST_AUTO_TEST_CASE(refuses_another_host_after_a_handshake_longer_than_the_connect_timeout) {
    auto options = serving(localhost);
    options.tls->handshakeDelay = 200ms;
    StubServer const server(answering(okReply), options);
    auto settings = trusting();
    settings.limits.connectTimeout = 50ms;
    checkContains(refusal(server, "api.test", settings), "for another host");
}

BOOST_AUTO_TEST_CASE(a_wildcard_stands_for_one_label) {
    StubServer const server(answering(okReply), serving(LeafCertificate{.dnsNames = {"*.example.test"}}));
    checkContains(refusal(server, "a.b.example.test", trusting()), "it names *.example.test");
    checkContains(refusal(server, "example.test", trusting()), "it names *.example.test");
    PocoTransport transport(trusting());
    BOOST_TEST(get(transport, server.url("/", "api.example.test")).body == "ok");
}

BOOST_AUTO_TEST_CASE(one_name_of_a_server_says_nothing_about_another) {
    StubServer const server(answering(okReply), serving(LeafCertificate{.dnsNames = {"good.test"}}));
    PocoTransport transport(trusting());
    for (int i = 0; i < 2; ++i) {
        BOOST_TEST(get(transport, server.url("/", "good.test")).body == "ok");
        failureOf<TlsError>([&] { get(transport, server.url("/", "evil.test")); });
    }
    BOOST_TEST(server.requests().size() == 2U);
}

BOOST_AUTO_TEST_CASE(refuses_an_expired_certificate) {
    StubServer const server(answering(okReply), serving(LeafCertificate{.dnsNames = {"localhost"}, .notAfter = -60s}));
    checkContains(refusal(server, "localhost", trusting()), "the certificate has expired, on ");
}

BOOST_AUTO_TEST_CASE(refuses_a_certificate_of_the_future) {
    StubServer const server(answering(okReply),
                            serving(LeafCertificate{.dnsNames = {"localhost"}, .notBefore = 3600s}));
    checkContains(refusal(server, "localhost", trusting()), "check the clocks");
}

BOOST_AUTO_TEST_CASE(refuses_a_certificate_that_is_meant_for_clients) {
    StubServer const server(answering(okReply),
                            serving(LeafCertificate{.dnsNames = {"localhost"}, .clientAuth = true}));
    checkContains(refusal(server, "localhost", trusting()), "not meant for servers");
}

BOOST_AUTO_TEST_CASE(refuses_a_self_signed_certificate) {
    StubServer const server(answering(okReply), serving(TestCa::selfSigned({})));
    auto const text = refusal(server, "localhost", trusting());
    checkContains(text, "self-signed");
    checkContains(text, "issued by CN=localhost");
    checkContains(text, caFile);
}

BOOST_AUTO_TEST_CASE(refuses_an_unknown_CA) {
    TestCa const other("Another CA");
    StubServer const server(answering(okReply), serving(other.issue(localhost)));
    auto const text = refusal(server, "localhost", trusting());
    checkContains(text, "issuer is unknown");
    checkContains(text, "issued by CN=Another CA");
    checkContains(text, caFile);
    checkContains(text, "set ca_file to the PEM file of the CA that issued it");
}

BOOST_AUTO_TEST_CASE(says_when_no_CA_file_is_set) {
    StubServer const server(answering(okReply), serving(localhost));
    auto const text = refusal(server, "localhost", {});
    checkContains(text, "the system's CAs; no ca_file is set");
    checkContains(text, "issued by CN=Transport Test CA");
}

BOOST_AUTO_TEST_CASE(accepts_anything_when_told_not_to_verify) {
    StubServer const server(answering(okReply), serving(TestCa::selfSigned({})));
    auto settings = trusting();
    settings.tls.verify = false;
    PocoTransport transport(settings);
    BOOST_TEST(get(transport, server.url("/", "api.test")).body == "ok");
}

BOOST_AUTO_TEST_CASE(refuses_tls_1_1) {
    auto options = serving(localhost);
    options.tls->onlyTls11 = true;
    StubServer const server(answering(okReply), options);
    checkContains(refusal(server, "localhost", trusting()), "speaks no TLS version from 1.2 on");
}

BOOST_AUTO_TEST_CASE(says_when_the_port_speaks_plain_http) {
    StubServer const server([](StubConnection& connection) {
        connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        connection.waitForClose();
    });
    auto const url = "https://127.0.0.1:" + std::to_string(server.port()) + '/';
    PocoTransport transport(trusting());
    checkContains(failureOf<TlsError>([&] { get(transport, url); }).what(),
                  "does not speak TLS on this port; use http://");
}

BOOST_AUTO_TEST_CASE(says_when_the_server_closes_in_the_handshake) {
    StubServer const server([](StubConnection& connection) { connection.close(); });
    auto const url = "https://127.0.0.1:" + std::to_string(server.port()) + '/';
    PocoTransport transport(trusting());
    auto const failure = failureOf<ConnectionLost>([&] { get(transport, url); });
    checkContains(failure.what(), "closed the connection during the TLS handshake");
    BOOST_TEST((failure.phase() == Phase::tls));
}

BOOST_AUTO_TEST_CASE(names_a_CA_file_that_cannot_be_used) {
    StubServer const server(answering(okReply), serving(localhost));
    auto const damaged = ca.certificatePem().substr(0, 200) + "\n-----END CERTIFICATE-----\n";
    auto settings = trusting();
    auto const refused = [&](std::string const& file, std::string const& why) {
        settings.tls.caFile = file;
        auto const text = refusal(server, "localhost", settings);
        checkContains(text, "the CA file (ca_file) " + file + ' ' + why);
    };
    refused((folder.path() / "missing.pem").string(), "cannot be read: No such file or directory");
    refused(folder.path().string(), "is a folder");
    refused(folder.write("empty.pem", "").string(), "is empty");
    refused(folder.write("text.pem", "no certificate").string(), "holds no certificate");
    refused(folder.write("damaged.pem", damaged).string(), "holds a damaged PEM block");
}

BOOST_AUTO_TEST_CASE(names_a_client_certificate_that_cannot_be_used) {
    StubServer const server(answering(okReply), serving(localhost));
    auto const mine = ca.issue({.clientAuth = true});
    auto const other = ca.issue({.clientAuth = true});
    auto settings = trusting();
    settings.tls.keyFile = folder.write("key.pem", mine.privateKeyPem);
    checkContains(refusal(server, "localhost", settings), "client_key_file is set without client_certificate_file");
    settings.tls.certificateFile = (folder.path() / "missing.pem").string();
    checkContains(refusal(server, "localhost", settings), "missing.pem cannot be used: No such file or directory");
    settings.tls.certificateFile = folder.write("other.pem", other.certificatePem);
    checkContains(refusal(server, "localhost", settings), "key.pem do not belong together");
}

BOOST_AUTO_TEST_CASE(uses_an_encrypted_client_key_with_its_passphrase_alone) {
    auto options = serving(localhost);
    options.tls->clientCaPem = ca.certificatePem();
    StubServer const server(answering(okReply), options);
    auto const pair = ca.issue({.clientAuth = true});
    std::string const passphrase = "passphrase-of-the-key";
    auto settings = trusting();
    settings.tls.certificateFile = folder.write("client.pem", pair.certificatePem);
    settings.tls.keyFile = folder.write("client.key", encryptedKey(pair, passphrase));
    checkContains(refusal(server, "localhost", settings), "client.key is encrypted; set client_key_passphrase");
    settings.tls.keyPassphrase = SecretSource::value("another-passphrase", "variable X_PASSPHRASE");
    auto const text = refusal(server, "localhost", settings);
    checkContains(text, "is encrypted; its passphrase is not that of client_key_passphrase (variable X_PASSPHRASE)");
    BOOST_TEST(text.find("another-passphrase") == std::string::npos);
    settings.tls.keyPassphrase = SecretSource::value(std::string(100'000, 'p'), "x"); // longer than OpenSSL takes
    checkContains(refusal(server, "localhost", settings), "its passphrase is not that of");
    auto const file = folder.write("passphrase", passphrase + "\n");
    for (auto const& source : {SecretSource::value(passphrase, "x"), SecretSource::file(file, "x")}) {
        settings.tls.keyPassphrase = source;
        PocoTransport transport(settings);
        BOOST_TEST(get(transport, server.url("/", "localhost")).body == "ok");
    }
}

BOOST_AUTO_TEST_CASE(a_minimum_of_tls_1_3_is_spoken_and_1_2_stays_the_default) {
    StubServer const server(answering(okReply), serving(localhost));
    auto settings = trusting();
    settings.tls.minimumVersion = TlsVersion::tls13;
    PocoTransport transport(settings);
    BOOST_TEST(get(transport, server.url("/", "localhost")).connection->tlsVersion == "TLSv1.3");
    auto options = serving(localhost);
    options.tls->onlyTls12 = true;
    StubServer const old(answering(okReply), options);
    checkContains(refusal(old, "localhost", settings), "or from tls_min_version on");
    PocoTransport usual(trusting());
    BOOST_TEST(get(usual, old.url("/", "localhost")).connection->tlsVersion == "TLSv1.2");
}

BOOST_AUTO_TEST_CASE(trusts_the_files_of_a_folder_and_names_one_that_cannot_be_used) {
    StubServer const server(answering(okReply), serving(localhost));
    auto settings = trusting();
    settings.tls.caFile.clear();
    settings.tls.caPath = (folder.path() / "cas").string();
    auto const refused = [&](std::string const& why) {
        checkContains(refusal(server, "localhost", settings), "the CA folder (ca_path) " + settings.tls.caPath + why);
    };
    refused(" cannot be read: No such file or directory");
    folder.write("cas/README.txt", "no certificate");
    refused(" holds no certificates");
    folder.write("cas/own.crt", ca.certificatePem());
    {
        PocoTransport transport(settings);
        BOOST_TEST(get(transport, server.url("/", "localhost")).body == "ok");
    }
    folder.write("cas/bad.pem", "no certificate");
    StubServer const untouched(answering(okReply), serving(localhost));
    checkContains(refusal(untouched, "localhost", settings), " has the file bad.pem, which holds no certificate");
}

BOOST_AUTO_TEST_CASE(trusts_a_hashed_folder) {
    std::unique_ptr<BIO, FreeWith<BIO_free_all>> const input(
        BIO_new_mem_buf(ca.certificatePem().data(), static_cast<int>(ca.certificatePem().size())));
    std::unique_ptr<X509, FreeWith<X509_free>> const certificate(
        PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr));
    std::array<char, 32> name{};
    std::snprintf(name.data(), name.size(), "hashed/%08lx.0", X509_subject_name_hash(certificate.get()));
    folder.write(name.data(), ca.certificatePem());
    StubServer const server(answering(okReply), serving(localhost));
    auto settings = trusting();
    settings.tls.caFile.clear();
    settings.tls.caPath = (folder.path() / "hashed").string();
    PocoTransport transport(settings);
    BOOST_TEST(get(transport, server.url("/", "localhost")).body == "ok");

    settings.tls.caPath.clear();
    settings.tls.systemCas = true;
    Variable const variable("SSL_CERT_DIR", (folder.path() / "hashed").string());
    PocoTransport byVariable(settings);
    BOOST_TEST(get(byVariable, server.url("/", "localhost")).body == "ok");
}

BOOST_AUTO_TEST_CASE(SSL_CERT_FILE_is_trusted_and_named_when_it_cannot_be_used) {
    StubServer const server(answering(okReply), serving(localhost));
    auto settings = trusting();
    settings.tls.caFile.clear();
    settings.tls.systemCas = true;
    {
        Variable const variable("SSL_CERT_FILE", caFile);
        PocoTransport transport(settings);
        BOOST_TEST(get(transport, server.url("/", "localhost")).body == "ok");
    }
    Variable const variable("SSL_CERT_FILE", "/nowhere/ca.pem");
    StubServer const untouched(answering(okReply), serving(localhost));
    checkContains(refusal(untouched, "localhost", settings),
                  "the CA file of SSL_CERT_FILE /nowhere/ca.pem cannot be read");
}

BOOST_AUTO_TEST_CASE(says_when_the_server_wants_a_client_certificate) {
    auto options = serving(localhost);
    options.tls->clientCaPem = ca.certificatePem();
    StubServer const server(answering(okReply), options);
    PocoTransport transport(trusting());
    auto const failure = failureOf<TlsError>([&] { get(transport, server.url("/", "localhost")); });
    checkContains(failure.what(), "the server wants a client certificate");
    BOOST_TEST(server.requests().empty());
}

BOOST_AUTO_TEST_CASE(says_when_the_client_certificate_is_of_the_wrong_CA) {
    TestCa const other("Another CA");
    auto const pair = other.issue({.clientAuth = true});
    auto options = serving(localhost);
    options.tls->clientCaPem = ca.certificatePem();
    StubServer const server(answering(okReply), options);
    auto settings = trusting();
    settings.tls.certificateFile = folder.write("client.pem", pair.certificatePem);
    settings.tls.keyFile = folder.write("client.key", pair.privateKeyPem);
    PocoTransport transport(settings);
    auto const failure = failureOf<TlsError>([&] { get(transport, server.url("/", "localhost")); });
    checkContains(failure.what(), "does not trust the client certificate's CA");
}

BOOST_AUTO_TEST_CASE(transports_with_different_client_certificates_share_no_connection) {
    auto options = serving(localhost);
    options.tls->clientCaPem = ca.certificatePem();
    StubServer const server(answering(okReply), options);
    std::vector<std::unique_ptr<PocoTransport>> transports;
    for (std::string const name : {"one", "two"}) {
        auto const pair = ca.issue({.commonName = name, .clientAuth = true});
        auto settings = trusting();
        settings.tls.certificateFile = folder.write(name + ".pem", pair.certificatePem);
        settings.tls.keyFile = folder.write(name + ".key", pair.privateKeyPem);
        transports.push_back(std::make_unique<PocoTransport>(settings));
    }
    for (int i = 0; i < 2; ++i) {
        for (auto const& transport : transports) {
            auto const response = get(*transport, server.url("/", "localhost"));
            BOOST_TEST(response.body == "ok");
            BOOST_TEST(response.connectionReused == (i > 0));
        }
    }
    BOOST_TEST(server.connections() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
