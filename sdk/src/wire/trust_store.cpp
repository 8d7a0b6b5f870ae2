#include "wire/trust_store.hpp"

#include "wire/text.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

namespace httptest::wire {

namespace {

char const* environment(char const* name) {
    char const* const value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : nullptr;
}

/// `2e5ac55d.0`: what OpenSSL looks a certificate up by.
bool isHashName(std::string const& name) {
    constexpr std::size_t hashDigits = 8;
    return name.size() > hashDigits + 1 && name[hashDigits] == '.' &&
           std::all_of(name.begin(), name.begin() + hashDigits,
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }) &&
           std::all_of(name.begin() + hashDigits + 1, name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool isHashed(std::string const& folder) {
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (isHashName(entry->path().filename().string())) {
            return true;
        }
    }
    return false;
}

/// Adds every certificate of a PEM file; returns what is wrong with it, or nothing.
std::string addFile(X509_STORE* store, std::string const& path) {
    constexpr std::uintmax_t maxBytes = std::uintmax_t{16} << 20;
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) {
        return "is a folder; a PEM file is wanted";
    }
    if (auto const size = std::filesystem::file_size(path, error); !error && size > maxBytes) {
        return "is larger than 16 MiB";
    }
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return "cannot be read: " + errnoText(errno);
    }
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    if (text.empty()) {
        return "is empty";
    }
    BioPtr const input(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    std::size_t count = 0;
    while (CertificatePtr const certificate{PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr)}) {
        if (X509_STORE_add_cert(store, certificate.get()) == 1) {
            ++count;
        }
    }
    auto const last = ERR_peek_last_error();
    ERR_clear_error();
    if (ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) != PEM_R_NO_START_LINE) {
        return "holds a damaged PEM block";
    }
    return count > 0 ? "" : "holds no certificate in PEM form (BEGIN CERTIFICATE)";
}

/// Where distributions keep the bundle, OpenSSL's own place first.
std::string findBundle() {
    std::array<char const*, 3> const candidates{X509_get_default_cert_file(), "/etc/ssl/certs/ca-certificates.crt",
                                                "/etc/pki/tls/certs/ca-bundle.crt"};
    auto const found = std::find_if(candidates.begin(), candidates.end(), [](char const* path) {
        std::error_code error;
        return std::filesystem::exists(path, error);
    });
    return found == candidates.end() ? "" : *found;
}

/// Containers often name the system's bundle in SSL_CERT_FILE: it holds what its hashed folder holds, at a hundred
/// times the cost.
bool isBundleOf(std::string const& file, std::string const& folder) {
    std::error_code error;
    auto const bundle = std::filesystem::canonical(findBundle(), error);
    return !error && std::filesystem::equivalent(file, bundle, error) &&
           std::filesystem::equivalent(bundle.parent_path(), folder, error) && isHashed(folder);
}

void require(std::string const& problem, std::string const& what, std::string const& path, Watch const& watch) {
    if (!problem.empty()) {
        watch.fail<TlsError>(what + ' ' + path + ' ' + problem);
    }
}

/// Adds a folder's certificates; returns what is wrong with it, or nothing.
std::string addFolder(X509_STORE* store, std::string const& folder) {
    if (isHashed(folder)) {
        X509_STORE_load_path(store, folder.c_str());
        return "";
    }
    std::error_code error;
    std::size_t count = 0;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        auto const ending = entry->path().extension();
        if (ending != ".pem" && ending != ".crt" && ending != ".cer") {
            continue;
        }
        if (auto const problem = addFile(store, entry->path().string()); !problem.empty()) {
            return "has the file " + entry->path().filename().string() + ", which " + problem;
        }
        ++count;
    }
    if (error) {
        return "cannot be read: " + error.message();
    }
    return count > 0 ? "" : "holds no certificates (*.pem, *.crt, *.cer, or hashed by `openssl rehash`)";
}

void addSystem(X509_STORE* store, Watch const& watch) {
    char const* const namedFile = environment(X509_get_default_cert_file_env());
    char const* const namedFolder = environment(X509_get_default_cert_dir_env());
    std::string const folder = namedFolder != nullptr ? namedFolder : X509_get_default_cert_dir();
    bool const useFolder = namedFolder != nullptr || isHashed(folder);
    if (useFolder) {
        X509_STORE_load_path(store, folder.c_str());
    }
    if (namedFile != nullptr && useFolder && isBundleOf(namedFile, folder)) {
        return;
    }
    if (namedFile != nullptr) {
        require(addFile(store, namedFile), "the CA file of SSL_CERT_FILE", namedFile, watch);
    } else if (auto const bundle = useFolder ? std::string() : findBundle(); !bundle.empty()) {
        require(addFile(store, bundle), "the system's CA bundle", bundle, watch);
    }
}

} // namespace

StorePtr loadTrustStore(TlsSettings const& settings, Watch const& watch) {
    ERR_clear_error();
    StorePtr store(X509_STORE_new());
    if (!store) {
        watch.fail<TlsError>("OpenSSL cannot make a certificate store");
    }
    if (settings.systemCas) {
        addSystem(store.get(), watch);
    }
    if (!settings.caFile.empty()) {
        require(addFile(store.get(), settings.caFile), "the CA file (ca_file)", settings.caFile, watch);
    }
    if (!settings.caPath.empty()) {
        require(addFolder(store.get(), settings.caPath), "the CA folder (ca_path)", settings.caPath, watch);
    }
    return store;
}

std::string describeTrust(TlsSettings const& settings) {
    std::string own = settings.caFile;
    if (!settings.caPath.empty()) {
        own.append(own.empty() ? "" : " and ").append(settings.caPath);
    }
    if (!settings.systemCas) {
        return own.empty() ? "none: neither system CAs nor a ca_file" : own;
    }
    return own.empty() ? "the system's CAs; no ca_file is set" : "the system's CAs and " + own;
}

} // namespace httptest::wire
