#include "wire/tls_failure.hpp"

#include "wire/openssl_ptr.hpp"
#include "wire/text.hpp"

#include <Poco/Net/SSLException.h>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace httptest::wire {

namespace {

constexpr std::size_t shownBytes = 200;

std::string textOf(BIO* output) {
    char* data = nullptr;
    auto const length = BIO_get_mem_data(output, &data);
    auto const quoted = excerpt({data, static_cast<std::size_t>(length)}, shownBytes);
    return quoted.substr(1, quoted.size() - 2);
}

std::string textOf(ASN1_STRING const* text) {
    auto const* data = reinterpret_cast<char const*>(ASN1_STRING_get0_data(text));
    auto const quoted = excerpt({data, static_cast<std::size_t>(ASN1_STRING_length(text))}, shownBytes);
    return quoted.substr(1, quoted.size() - 2);
}

std::string addressText(ASN1_STRING const* address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    int const family = ASN1_STRING_length(address) == 4 ? AF_INET : AF_INET6;
    if (family == AF_INET6 && ASN1_STRING_length(address) != 16) {
        return "a malformed address";
    }
    return ::inet_ntop(family, ASN1_STRING_get0_data(address), text.data(), text.size());
}

/// The names that a certificate is for: "localhost, *.example.com, 127.0.0.1".
std::string names(X509 const* certificate) {
    constexpr int maxShown = 20;
    GeneralNamesPtr const all(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::string text;
    int const count = all ? sk_GENERAL_NAME_num(all.get()) : 0;
    for (int i = 0; i < count && i < maxShown; ++i) {
        int type = 0;
        auto const* value =
            static_cast<ASN1_STRING const*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(all.get(), i), &type));
        if (type == GEN_DNS || type == GEN_IPADD) {
            text += (text.empty() ? "" : ", ") + (type == GEN_DNS ? textOf(value) : addressText(value));
        }
    }
    return text.empty() ? "no names" : text + (count > maxShown ? ", …" : "");
}

struct Words {
    std::string refusal;
    std::string remedy;
};

Words wordsFor(int error, X509 const* certificate) {
    std::string const caRemedy = "set ca_file to the PEM file of the CA that issued it";
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return {"the certificate has expired, on " + describeTime(X509_get0_notAfter(certificate)),
                "renew it on the server"};
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return {"the certificate is valid from " + describeTime(X509_get0_notBefore(certificate)) + " on only",
                "check the clocks of both machines"};
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return {"the certificate is self-signed and not among the trusted ones",
                "set ca_file to the certificate itself"};
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return {"the certificate's chain ends in a CA that is not trusted (self-signed)", caRemedy};
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return {"the certificate's issuer is unknown", caRemedy};
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return {"the certificate is for another host: it names " + names(certificate),
                "use one of these names in the URL, or give the server a certificate for this one"};
    case X509_V_ERR_INVALID_PURPOSE:
        return {"the certificate is not meant for servers", "issue one with the extended key usage serverAuth"};
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
        return {std::string("the certificate is too weak: ") + X509_verify_cert_error_string(error),
                "issue a stronger one"};
    default:
        return {std::string("the certificate was refused: ") + X509_verify_cert_error_string(error),
                "look at the server's certificate"};
    }
}

/// Poco takes the first entry off OpenSSL's error queue and keeps its text alone: "error:0A00010B:SSL routines::…".
std::optional<unsigned long> errorCode(Poco::Exception const& failure) {
    constexpr std::string_view mark = "error:";
    auto const& text = failure.message();
    auto const at = text.find(mark);
    unsigned long code = 0;
    if (at == std::string::npos ||
        std::from_chars(text.data() + at + mark.size(), text.data() + text.size(), code, 16).ec != std::errc()) {
        return std::nullopt;
    }
    return code;
}

std::string alertWords(int alert) {
    std::string const remedy = "; check client_certificate_file and client_key_file";
    switch (alert) {
    case SSL_AD_CERTIFICATE_REQUIRED:
        return "the server wants a client certificate (alert: certificate required); set client_certificate_file and "
               "client_key_file";
    case SSL_AD_BAD_CERTIFICATE: return "the server refused the client certificate (alert: bad certificate)" + remedy;
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
        return "the server refused the client certificate (alert: unsupported certificate)" + remedy;
    case SSL_AD_CERTIFICATE_REVOKED:
        return "the server refused the client certificate (alert: certificate revoked)" + remedy;
    case SSL_AD_CERTIFICATE_EXPIRED:
        return "the server refused the client certificate (alert: certificate expired)" + remedy;
    case SSL_AD_CERTIFICATE_UNKNOWN:
        return "the server refused the client certificate (alert: certificate unknown)" + remedy;
    case SSL_AD_UNKNOWN_CA: return "the server does not trust the client certificate's CA (alert: unknown CA)" + remedy;
    case SSL_AD_ACCESS_DENIED: return "the server denied access (alert: access denied)" + remedy;
    case SSL_AD_PROTOCOL_VERSION:
        return "the server speaks no TLS version from 1.2 on, or from tls_min_version on (alert: protocol version); "
               "enable TLS 1.2 or 1.3 there";
    case SSL_AD_HANDSHAKE_FAILURE:
        return "the server found no common ground, or wants a client certificate (alert: handshake failure)";
    case SSL_AD_INSUFFICIENT_SECURITY: return "the server wants stronger ciphers (alert: insufficient security)";
    case SSL_AD_UNRECOGNIZED_NAME: return "the server serves no host of this name (alert: unrecognized name)";
    case SSL_AD_INTERNAL_ERROR: return "the server had a failure of its own (alert: internal error)";
    default: return std::string("the server broke off (alert: ") + SSL_alert_desc_string_long(alert) + ')';
    }
}

} // namespace

HandshakeRecord::HandshakeRecord() noexcept {
    current() = this;
}

HandshakeRecord::~HandshakeRecord() {
    current() = nullptr;
}

HandshakeRecord*& HandshakeRecord::current() noexcept {
    thread_local HandshakeRecord* record = nullptr;
    return record;
}

void HandshakeRecord::observe(SSL_CTX* context, bool verify) {
    // Poco's own callback asks a process-wide handler, with which a host program could accept anything in our name.
    SSL_CTX_set_verify(context, verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, &HandshakeRecord::verify);
    SSL_CTX_set_info_callback(context, &HandshakeRecord::inform);
}

int HandshakeRecord::verify(int ok, X509_STORE_CTX* store) {
    if (ok == 0 && current() != nullptr) {
        current()->refuse(store);
    }
    return ok;
}

void HandshakeRecord::inform(SSL const* connection, int, int) {
    if (current() != nullptr) {
        current()->connection_ = connection;
    }
}

void HandshakeRecord::refuse(X509_STORE_CTX* store) {
    X509* certificate = X509_STORE_CTX_get_current_cert(store);
    if (certificate == nullptr) {
        certificate = X509_STORE_CTX_get0_cert(store);
    }
    auto words = wordsFor(X509_STORE_CTX_get_error(store), certificate);
    refusal_ = std::move(words.refusal);
    remedy_ = std::move(words.remedy);
    certificate_ = describeName(X509_get_subject_name(certificate)) + ", issued by " +
                   describeName(X509_get_issuer_name(certificate));
}

bool isUnexpectedEnd(Poco::Exception const& failure) {
    if (auto const code = errorCode(failure)) {
        return ERR_GET_LIB(*code) == ERR_LIB_SSL && ERR_GET_REASON(*code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    }
    return dynamic_cast<Poco::Net::SSLConnectionUnexpectedlyClosedException const*>(&failure) != nullptr;
}

std::string describeTlsFailure(Poco::Exception const& failure) {
    auto const code = errorCode(failure);
    if (!code || ERR_GET_LIB(*code) != ERR_LIB_SSL) {
        return "TLS failed: " + excerpt(failure.displayText(), shownBytes);
    }
    int const reason = ERR_GET_REASON(*code);
    if (reason >= SSL_AD_REASON_OFFSET) {
        return alertWords(reason - SSL_AD_REASON_OFFSET);
    }
    switch (reason) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
        return "the server does not speak TLS on this port; use http://, or the port that has TLS";
    case SSL_R_UNSUPPORTED_PROTOCOL:
        return "the server speaks no TLS version from 1.2 on, or from tls_min_version on; enable TLS 1.2 or 1.3 there";
    default:
        return "TLS failed: " +
               excerpt(ERR_reason_error_string(*code) ? ERR_reason_error_string(*code) : failure.message(), shownBytes);
    }
}

std::string describeName(X509_NAME const* name) {
    BioPtr const output(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(output.get(), name, 0, XN_FLAG_RFC2253);
    return textOf(output.get());
}

std::string describeTime(ASN1_TIME const* time) {
    BioPtr const output(BIO_new(BIO_s_mem()));
    ASN1_TIME_print(output.get(), time);
    return textOf(output.get());
}

} // namespace httptest::wire
