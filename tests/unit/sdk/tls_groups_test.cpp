#include "wire/tls_groups.hpp"
#include "wire/openssl_ptr.hpp"

#include <httptest/testing/temporary_folder.hpp>
#include <httptest/testing/test_ca.hpp>

#include <boost/test/unit_test.hpp>

#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace {

using httptest::wire::FreeWith;
using httptest::wire::preferGroups;

using ContextPtr = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, FreeWith<SSL_free>>;

/// The group that a client with this context agrees upon with a server that takes any.
int negotiatedGroup(SSL_CTX* client) {
    httptest::testing::TemporaryFolder const folder;
    httptest::testing::CertificateAndKey const certificate = httptest::testing::TestCa("a CA").issue({});
    ContextPtr const server(SSL_CTX_new(TLS_server_method()));
    std::string const chain = folder.write("server.pem", certificate.certificatePem).string();
    std::string const key = folder.write("server.key", certificate.privateKeyPem).string();
    BOOST_REQUIRE(SSL_CTX_use_certificate_chain_file(server.get(), chain.c_str()) == 1);
    BOOST_REQUIRE(SSL_CTX_use_PrivateKey_file(server.get(), key.c_str(), SSL_FILETYPE_PEM) == 1);
    SslPtr const near(SSL_new(client));
    SslPtr const far(SSL_new(server.get()));
    BIO* nearEnd = nullptr;
    BIO* farEnd = nullptr;
    BOOST_REQUIRE(BIO_new_bio_pair(&nearEnd, 0, &farEnd, 0) == 1);
    SSL_set_bio(near.get(), nearEnd, nearEnd);
    SSL_set_bio(far.get(), farEnd, farEnd);
    SSL_set_connect_state(near.get());
    SSL_set_accept_state(far.get());
    for (int i = 0; i < 10 && SSL_is_init_finished(near.get()) == 0; ++i) {
        SSL_do_handshake(near.get());
        SSL_do_handshake(far.get());
    }
    BOOST_REQUIRE(SSL_is_init_finished(near.get()) == 1);
    return static_cast<int>(SSL_get_negotiated_group(near.get()));
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_groups)

BOOST_AUTO_TEST_CASE(the_preferred_group_is_agreed_upon) {
    ContextPtr const client(SSL_CTX_new(TLS_client_method()));
    BOOST_TEST(preferGroups(client.get(), "P-384:P-256"));
    BOOST_TEST(negotiatedGroup(client.get()) == NID_secp384r1);
}

BOOST_AUTO_TEST_CASE(groups_that_openssl_refuses_leave_those_it_had) {
    ContextPtr const client(SSL_CTX_new(TLS_client_method()));
    BOOST_REQUIRE(preferGroups(client.get(), "P-256:P-384"));
    BOOST_TEST(!preferGroups(client.get(), "a-group-of-the-future:P-384"));
    BOOST_TEST(ERR_peek_error() == 0U);
    BOOST_TEST(negotiatedGroup(client.get()) == NID_X9_62_prime256v1);
}

BOOST_AUTO_TEST_SUITE_END()
