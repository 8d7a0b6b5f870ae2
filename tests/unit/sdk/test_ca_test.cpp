#include "wire/openssl_ptr.hpp"

#include <httptest/testing/temporary_folder.hpp>
#include <httptest/testing/test_ca.hpp>

#include <boost/test/unit_test.hpp>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

using httptest::testing::TemporaryFolder;
using httptest::testing::TestCa;

using httptest::wire::FreeWith;

using Input = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Store = std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>>;
using Verification = std::unique_ptr<X509_STORE_CTX, FreeWith<X509_STORE_CTX_free>>;

Input input(std::string const& pem) {
    return Input(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Certificate certificate(std::string const& pem) {
    return Certificate(PEM_read_bio_X509(input(pem).get(), nullptr, nullptr, nullptr));
}

Key key(std::string const& pem) {
    return Key(PEM_read_bio_PrivateKey(input(pem).get(), nullptr, nullptr, nullptr));
}

/// X509_V_OK, or OpenSSL's reason against the certificate.
int verify(std::string const& certificatePem, TestCa const& ca, char const* purpose) {
    auto const leaf = certificate(certificatePem);
    auto const trusted = certificate(ca.certificatePem());
    Store const store(X509_STORE_new());
    X509_STORE_add_cert(store.get(), trusted.get());
    Verification const verification(X509_STORE_CTX_new());
    X509_STORE_CTX_init(verification.get(), store.get(), leaf.get(), nullptr);
    X509_STORE_CTX_set_default(verification.get(), purpose);
    X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(verification.get()), X509_V_FLAG_X509_STRICT);
    X509_verify_cert(verification.get());
    return X509_STORE_CTX_get_error(verification.get());
}

bool isFor(std::string const& certificatePem, char const* host) {
    return X509_check_host(certificate(certificatePem).get(), host, 0, 0, nullptr) == 1;
}

bool isForAddress(std::string const& certificatePem, char const* address) {
    return X509_check_ip_asc(certificate(certificatePem).get(), address, 0) == 1;
}

unsigned modeOf(std::filesystem::path const& path) {
    struct stat status {};
    BOOST_TEST_REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

std::string contentsOf(std::filesystem::path const& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(test_ca)

BOOST_AUTO_TEST_CASE(a_server_certificate_verifies_against_its_ca) {
    TestCa const ca("unit test CA");
    auto const leaf = ca.issue({.dnsNames = {"localhost"}});
    BOOST_TEST(verify(leaf.certificatePem, ca, "ssl_server") == X509_V_OK);
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_ca_with_the_same_name_does_not_verify) {
    TestCa const ca("unit test CA");
    TestCa const other("unit test CA");
    BOOST_TEST(verify(other.issue({}).certificatePem, ca, "ssl_server") != X509_V_OK);
}

BOOST_AUTO_TEST_CASE(the_private_key_belongs_to_the_certificate) {
    TestCa const ca("unit test CA");
    auto const leaf = ca.issue({});
    auto const other = ca.issue({});
    BOOST_TEST(X509_check_private_key(certificate(leaf.certificatePem).get(), key(leaf.privateKeyPem).get()) == 1);
    BOOST_TEST(X509_check_private_key(certificate(leaf.certificatePem).get(), key(other.privateKeyPem).get()) == 0);
}

BOOST_AUTO_TEST_CASE(keys_are_p256) {
    TestCa const ca("unit test CA");
    BOOST_TEST(EVP_PKEY_get_bits(key(ca.issue({}).privateKeyPem).get()) == 256);
    BOOST_TEST(EVP_PKEY_get_base_id(X509_get0_pubkey(certificate(ca.certificatePem()).get())) == EVP_PKEY_EC);
}

BOOST_AUTO_TEST_CASE(names_and_addresses_are_those_asked_for_and_no_others) {
    TestCa const ca("unit test CA");
    auto const leaf = ca.issue({.commonName = "not-a-host",
                                .dnsNames = {"localhost", "*.example.test"},
                                .ipAddresses = {"127.0.0.1", "::1"}})
                          .certificatePem;
    BOOST_TEST(isFor(leaf, "localhost"));
    BOOST_TEST(isFor(leaf, "api.example.test"));
    BOOST_TEST(!isFor(leaf, "example.test"));
    BOOST_TEST(!isFor(leaf, "not-a-host"));
    BOOST_TEST(isForAddress(leaf, "127.0.0.1"));
    BOOST_TEST(isForAddress(leaf, "::1"));
    BOOST_TEST(!isForAddress(leaf, "127.0.0.2"));
}

BOOST_AUTO_TEST_CASE(a_comma_in_a_name_adds_no_second_name) {
    TestCa const ca("unit test CA");
    auto const leaf = ca.issue({.dnsNames = {"first.test,DNS:second.test"}}).certificatePem;
    BOOST_TEST(!isFor(leaf, "first.test"));
    BOOST_TEST(!isFor(leaf, "second.test"));
}

BOOST_AUTO_TEST_CASE(certificates_can_be_expired_or_not_valid_yet) {
    using std::chrono::hours;
    using std::chrono::seconds;
    TestCa const ca("unit test CA");
    auto const expired = ca.issue({.notBefore = -hours(2), .notAfter = seconds(-1)});
    auto const early = ca.issue({.notBefore = hours(1), .notAfter = hours(2)});
    BOOST_TEST(verify(expired.certificatePem, ca, "ssl_server") == X509_V_ERR_CERT_HAS_EXPIRED);
    BOOST_TEST(verify(early.certificatePem, ca, "ssl_server") == X509_V_ERR_CERT_NOT_YET_VALID);
}

BOOST_AUTO_TEST_CASE(a_client_certificate_is_for_clients_only) {
    TestCa const ca("unit test CA");
    auto const client = ca.issue({.commonName = "agent", .clientAuth = true}).certificatePem;
    auto const server = ca.issue({}).certificatePem;
    BOOST_TEST(verify(client, ca, "ssl_client") == X509_V_OK);
    BOOST_TEST(verify(client, ca, "ssl_server") == X509_V_ERR_INVALID_PURPOSE);
    BOOST_TEST(verify(server, ca, "ssl_client") == X509_V_ERR_INVALID_PURPOSE);
}

BOOST_AUTO_TEST_CASE(what_openssl_refuses_is_a_runtime_error_that_says_what) {
    TestCa const ca("unit test CA");
    BOOST_CHECK_EXCEPTION(ca.issue({.ipAddresses = {"127.0.0.999"}}), std::runtime_error, [](auto const& error) {
        return std::string(error.what()).find("subject alternative name is malformed") != std::string::npos;
    });
    BOOST_CHECK_THROW(TestCa(std::string(65, 'x')), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(temporary_folder)

BOOST_AUTO_TEST_CASE(folder_and_files_are_private_and_vanish_with_the_object) {
    std::filesystem::path path;
    {
        TemporaryFolder const folder;
        path = folder.path();
        auto const file = folder.write("deep/down/secret.txt", "s3cret");
        BOOST_TEST(modeOf(path) == 0700U);
        BOOST_TEST(modeOf(file) == 0600U);
        BOOST_TEST(contentsOf(file) == "s3cret");
    }
    BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(writing_again_replaces_the_contents) {
    TemporaryFolder const folder;
    folder.write("file", "a longer text");
    BOOST_TEST(contentsOf(folder.write("file", "short")) == "short");
}

BOOST_AUTO_TEST_CASE(two_folders_are_two) {
    TemporaryFolder const one;
    TemporaryFolder const other;
    BOOST_TEST(one.path() != other.path());
}

BOOST_AUTO_TEST_SUITE_END()
