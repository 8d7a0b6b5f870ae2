#include "free_with.hpp"

#include <httptest/testing/test_ca.hpp>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <stdexcept>

namespace httptest::testing {

namespace {

using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;
using Serial = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, FreeWith<GENERAL_NAMES_free>>;
using Name = std::unique_ptr<GENERAL_NAME, FreeWith<GENERAL_NAME_free>>;
using Text = std::unique_ptr<ASN1_STRING, FreeWith<ASN1_STRING_free>>;
using Output = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;

constexpr std::chrono::seconds caLifetime = std::chrono::hours(24 * 30);

[[noreturn]] void failInOpenSsl(std::string const& what) {
    std::string message = "test CA: " + what;
    for (auto code = ERR_get_error(); code != 0; code = ERR_get_error()) {
        std::array<char, 256> text{};
        ERR_error_string_n(code, text.data(), text.size());
        message += "; ";
        message += text.data();
    }
    throw std::runtime_error(message);
}

void require(bool done, char const* what) {
    if (!done) {
        failInOpenSsl(what);
    }
}

Key newKey() {
    Key key(EVP_EC_gen("P-256"));
    require(key != nullptr, "cannot generate a P-256 key");
    return key;
}

template <typename Write>
std::string pem(Write write) {
    Output output(BIO_new(BIO_s_mem()));
    require(output && write(output.get()) == 1, "cannot write PEM");
    char* data = nullptr;
    auto const length = BIO_get_mem_data(output.get(), &data);
    return {data, static_cast<std::size_t>(length)};
}

std::string pemOf(X509* certificate) {
    return pem([&](BIO* output) { return PEM_write_bio_X509(output, certificate); });
}

std::string pemOf(EVP_PKEY* key) {
    return pem(
        [&](BIO* output) { return PEM_write_bio_PrivateKey(output, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

void setRandomSerial(X509* certificate) {
    Serial serial(BN_new());
    require(serial && BN_rand(serial.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
                BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr,
            "cannot set a serial number");
}

void setTime(ASN1_TIME* field, std::chrono::seconds offset) {
    require(X509_gmtime_adj(field, offset.count()) != nullptr, "cannot set a time of validity");
}

void addExtension(X509* certificate, X509V3_CTX* context, int nid, char const* value) {
    Extension const extension(X509V3_EXT_conf_nid(nullptr, context, nid, value));
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "cannot add an extension");
}

void append(GENERAL_NAMES* names, int type, Text value) {
    Name name(GENERAL_NAME_new());
    require(value && name, "a subject alternative name is malformed");
    GENERAL_NAME_set0_value(name.get(), type, value.release());
    require(sk_GENERAL_NAME_push(names, name.get()) > 0, "cannot add a subject alternative name");
    static_cast<void>(name.release());
}

Text dnsText(std::string const& dnsName) {
    Text text(ASN1_STRING_type_new(V_ASN1_IA5STRING));
    require(text && ASN1_STRING_set(text.get(), dnsName.c_str(), -1) == 1, "cannot make a DNS name");
    return text;
}

/// Built as objects, not from OpenSSL's configuration text, where a comma in a name would add another name.
void addAlternativeNames(X509* certificate, LeafCertificate const& leaf) {
    if (leaf.dnsNames.empty() && leaf.ipAddresses.empty()) {
        return;
    }
    Names names(GENERAL_NAMES_new());
    require(names != nullptr, "cannot make subject alternative names");
    for (auto const& dnsName : leaf.dnsNames) {
        append(names.get(), GEN_DNS, dnsText(dnsName));
    }
    for (auto const& address : leaf.ipAddresses) {
        append(names.get(), GEN_IPADD, Text(a2i_IPADDRESS(address.c_str())));
    }
    require(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1,
            "cannot add subject alternative names");
}

/// A version 3 certificate without extensions and without a signature.
Certificate draft(std::string const& commonName, EVP_PKEY* key, std::chrono::seconds notBefore,
                  std::chrono::seconds notAfter) {
    Certificate certificate(X509_new());
    require(certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1, "cannot make a certificate");
    setRandomSerial(certificate.get());
    setTime(X509_getm_notBefore(certificate.get()), notBefore);
    setTime(X509_getm_notAfter(certificate.get()), notAfter);
    auto const* text = reinterpret_cast<unsigned char const*>(commonName.c_str());
    require(
        X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1,
        "cannot set the common name (1 to 64 characters)");
    require(X509_set_pubkey(certificate.get(), key) == 1, "cannot set the public key");
    return certificate;
}

void sign(X509* certificate, EVP_PKEY* key) {
    require(X509_sign(certificate, key, EVP_sha256()) > 0, "cannot sign a certificate");
}

/// @param issuer  Null for a certificate that vouches for itself.
CertificateAndKey makeLeaf(LeafCertificate const& leaf, X509* issuer, EVP_PKEY* issuerKey) {
    auto const key = newKey();
    auto const certificate = draft(leaf.commonName, key.get(), leaf.notBefore, leaf.notAfter);
    if (issuer == nullptr) {
        issuer = certificate.get();
        issuerKey = key.get();
    }
    require(X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer)) == 1, "cannot set the issuer");

    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate.get(), nullptr, nullptr, 0);
    addExtension(certificate.get(), &context, NID_basic_constraints, "critical,CA:FALSE");
    addExtension(certificate.get(), &context, NID_key_usage, "critical,digitalSignature");
    addExtension(certificate.get(), &context, NID_ext_key_usage, leaf.clientAuth ? "clientAuth" : "serverAuth");
    addExtension(certificate.get(), &context, NID_subject_key_identifier, "hash");
    addExtension(certificate.get(), &context, NID_authority_key_identifier, "keyid:always");
    addAlternativeNames(certificate.get(), leaf);
    sign(certificate.get(), issuerKey);
    return {pemOf(certificate.get()), pemOf(key.get())};
}

} // namespace

struct TestCa::Authority {
    Key key;
    Certificate certificate;
    std::string certificatePem;
};

TestCa::TestCa(std::string const& commonName) {
    auto key = newKey();
    auto certificate = draft(commonName, key.get(), -caLifetime, caLifetime);
    auto* subject = X509_get_subject_name(certificate.get());
    require(X509_set_issuer_name(certificate.get(), subject) == 1, "cannot set the issuer");

    X509V3_CTX context{};
    X509V3_set_ctx(&context, certificate.get(), certificate.get(), nullptr, nullptr, 0);
    addExtension(certificate.get(), &context, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    addExtension(certificate.get(), &context, NID_key_usage, "critical,keyCertSign,cRLSign");
    addExtension(certificate.get(), &context, NID_subject_key_identifier, "hash");
    sign(certificate.get(), key.get());

    auto text = pemOf(certificate.get());
    authority_ = std::make_unique<Authority>(Authority{std::move(key), std::move(certificate), std::move(text)});
}

TestCa::~TestCa() = default;
TestCa::TestCa(TestCa&&) noexcept = default;
TestCa& TestCa::operator=(TestCa&&) noexcept = default;

CertificateAndKey TestCa::issue(LeafCertificate const& leaf) const {
    return makeLeaf(leaf, authority_->certificate.get(), authority_->key.get());
}

CertificateAndKey TestCa::selfSigned(LeafCertificate const& leaf) {
    return makeLeaf(leaf, nullptr, nullptr);
}

std::string const& TestCa::certificatePem() const noexcept {
    return authority_->certificatePem;
}

} // namespace httptest::testing
