#include "wire/tls_contexts.hpp"

#include "wire/text.hpp"
#include "wire/tls_failure.hpp"
#include "wire/tls_groups.hpp"
#include "wire/trust_store.hpp"

#include <Poco/Net/NetException.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509err.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>

namespace httptest::wire {

using Poco::Net::Context;

namespace {

/// More origins than any suite talks to; a bound all the same, since a context holds some 100 kB.
constexpr std::size_t maxContexts = 256;

bool isAddress(std::string const& host) {
    in6_addr address{};
    return ::inet_pton(AF_INET, host.c_str(), &address) == 1 || ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

std::string withoutZone(std::string const& host) {
    return host.substr(0, host.find('%'));
}

/// OpenSSL's last error in words.
std::string lastError() {
    auto const code = ERR_peek_last_error();
    char const* const words = ERR_reason_error_string(code);
    auto text = ERR_SYSTEM_ERROR(code) ? errnoText(ERR_GET_REASON(code))
                                       : std::string(words != nullptr ? words : "no reason given");
    ERR_clear_error();
    return text;
}

/// Hands OpenSSL the passphrase; without one an encrypted key is refused instead of asking on the terminal.
int givePassphrase(char* buffer, int size, int, void* passphrase) {
    auto const* const secret = static_cast<Secret const*>(passphrase);
    if (secret == nullptr || secret->reveal().size() > static_cast<std::size_t>(size)) {
        return -1;
    }
    std::copy(secret->reveal().begin(), secret->reveal().end(), buffer);
    return static_cast<int>(secret->reveal().size());
}

std::string readAll(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool isEncrypted(std::string const& keyFile) {
    std::string text = readAll(keyFile);
    bool const encrypted = text.find("ENCRYPTED") != std::string::npos;
    wipe(text);
    return encrypted;
}

void verifyName(SSL_CTX* context, std::string const& host, Watch const& watch) {
    auto* const wanted = SSL_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    auto const address = withoutZone(host);
    int const set = isAddress(address) ? X509_VERIFY_PARAM_set1_ip_asc(wanted, address.c_str())
                                       : X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size());
    if (set != 1) {
        watch.fail<TlsError>("OpenSSL cannot verify the host name " + excerpt(host));
    }
}

void requireFile(bool used, char const* what, std::string const& path, Watch const& watch) {
    if (used) {
        return;
    }
    auto const why = ::access(path.c_str(), R_OK) == 0 ? lastError() : errnoText(errno);
    ERR_clear_error();
    watch.fail<TlsError>(std::string("the ") + what + ' ' + path + " cannot be used: " + why);
}

} // namespace

TlsContext TlsContexts::find(Origin const& origin, Watch const& watch) {
    std::lock_guard const lock(mutex_);
    auto const key = origin.authority();
    if (auto const found = contexts_.find(key); found != contexts_.end()) {
        return found->second;
    }
    if (contexts_.size() >= maxContexts) {
        contexts_.clear();
    }
    TlsContext made{makeContext(origin, watch), {}, isAddress(withoutZone(origin.host)) ? "" : origin.host};
    return contexts_.emplace(key, std::move(made)).first->second;
}

void TlsContexts::remember(Origin const& origin, Poco::Net::Session::Ptr session) {
    if (session.isNull() || SSL_SESSION_is_resumable(session->sslSession()) != 1) {
        return;
    }
    std::lock_guard const lock(mutex_);
    if (auto const found = contexts_.find(origin.authority()); found != contexts_.end()) {
        found->second.session = std::move(session);
    }
}

X509_STORE* TlsContexts::store(Watch const& watch) {
    if (!store_) {
        store_ = loadTrustStore(settings_, watch);
    }
    return store_.get();
}

Context::Ptr TlsContexts::makeContext(Origin const& origin, Watch const& watch) {
    ERR_clear_error();
    Context::Params params;
    params.verificationMode = settings_.verify ? Context::VERIFY_STRICT : Context::VERIFY_NONE;
    params.ecdhCurve = "P-256:P-384"; // what every build of OpenSSL accepts, those for FIPS included
    Context::Ptr made;
    try {
        made = new Context(Context::TLS_CLIENT_USE, params); // Poco's pointer owns it
    } catch (Poco::Exception const& failure) {
        watch.fail<TlsError>("OpenSSL cannot make a context: " + excerpt(failure.displayText(), 200));
    }
    made->requireMinimumProtocol(Context::PROTO_TLSV1_2);
    if (settings_.minimumVersion == TlsVersion::tls13) {
        SSL_CTX_set_min_proto_version(made->sslContext(), TLS1_3_VERSION);
    }

    SSL_CTX* const context = made->sslContext();
    // OpenSSL's own default begins with X448, whose key share is expensive. Where it refuses this, the list above stays.
    preferGroups(context, "X25519:P-256:P-384");
    SSL_CTX_set_read_ahead(context, 1); // one system call a record instead of two
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE);
    SSL_CTX_set_default_passwd_cb(context, &givePassphrase);
    HandshakeRecord::observe(context, settings_.verify);
    if (settings_.verify) {
        SSL_CTX_set1_cert_store(context, store(watch));
        verifyName(context, origin.host, watch);
    }
    useClientCertificate(context, watch);
    ERR_clear_error();
    return made;
}

void TlsContexts::useClientCertificate(SSL_CTX* context, Watch const& watch) const {
    auto const& certificate = settings_.certificateFile;
    if (certificate.empty() && settings_.keyFile.empty()) {
        return;
    }
    if (certificate.empty()) {
        watch.fail<TlsError>("client_key_file is set without client_certificate_file; set both");
    }
    auto const& key = settings_.keyFile.empty() ? certificate : settings_.keyFile;
    requireFile(SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) == 1,
                "client certificate (client_certificate_file)", certificate, watch);
    Secret passphrase = settings_.keyPassphrase ? settings_.keyPassphrase->read() : Secret();
    SSL_CTX_set_default_passwd_cb_userdata(context, settings_.keyPassphrase ? &passphrase : nullptr);
    bool const used = SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) == 1;
    SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
    // OpenSSL compares the key with the certificate at once.
    if (!used && ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH) {
        ERR_clear_error();
        watch.fail<TlsError>("the client certificate " + certificate + " and the key " + key +
                             " do not belong together");
    }
    if (!used && isEncrypted(key)) {
        ERR_clear_error();
        watch.fail<TlsError>("the client certificate's key (client_key_file) " + key + " is encrypted; " +
                             (settings_.keyPassphrase ? "its passphrase is not that of client_key_passphrase (" +
                                                            settings_.keyPassphrase->where() + ")"
                                                      : "set client_key_passphrase, or client_key_passphrase_file"));
    }
    requireFile(used, "client certificate's key (client_key_file)", key, watch);
}

} // namespace httptest::wire
