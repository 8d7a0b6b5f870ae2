#include "store/seal.hpp"

#include "wire/openssl_ptr.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

#include <climits>
#include <cstddef>
#include <memory>
#include <stdexcept>

namespace httptest::store {

namespace {

constexpr std::size_t nonceBytes = 12;
constexpr std::size_t tagBytes = 16;
constexpr std::string_view salt = "httptest token store 1";

using CipherPtr = std::unique_ptr<EVP_CIPHER_CTX, wire::FreeWith<EVP_CIPHER_CTX_free>>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, wire::FreeWith<EVP_PKEY_CTX_free>>;

unsigned char const* bytes(std::string_view text) {
    return reinterpret_cast<unsigned char const*>(text.data());
}

unsigned char* bytes(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

int length(std::string_view text) {
    if (text.size() > INT_MAX) {
        throw std::runtime_error("too long to be sealed");
    }
    return static_cast<int>(text.size());
}

void require(bool done, char const* what) {
    if (!done) {
        throw std::runtime_error(std::string("OpenSSL cannot ") + what);
    }
}

void derive(std::string_view secret, std::string_view purpose, std::array<unsigned char, 32>& key) {
    KeyContextPtr const context(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr));
    std::size_t size = key.size();
    require(context != nullptr && EVP_PKEY_derive_init(context.get()) == 1 &&
                EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()) == 1 &&
                EVP_PKEY_CTX_set1_hkdf_salt(context.get(), bytes(salt), length(salt)) == 1 &&
                EVP_PKEY_CTX_set1_hkdf_key(context.get(), bytes(secret), length(secret)) == 1 &&
                EVP_PKEY_CTX_add1_hkdf_info(context.get(), bytes(purpose), length(purpose)) == 1 &&
                EVP_PKEY_derive(context.get(), key.data(), &size) == 1 && size == key.size(),
            "derive a key (HKDF-SHA256)");
}

} // namespace

Keys::Keys(std::string_view secret) {
    derive(secret, "name", naming_);
    derive(secret, "seal", sealing_);
}

Keys::~Keys() {
    OPENSSL_cleanse(naming_.data(), naming_.size());
    OPENSSL_cleanse(sealing_.data(), sealing_.size());
}

std::string Keys::name(std::string_view account) const {
    constexpr std::size_t bytesUsed = 16;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    require(HMAC(EVP_sha256(), naming_.data(), static_cast<int>(naming_.size()), bytes(account), account.size(),
                 digest.data(), &size) != nullptr,
            "compute HMAC-SHA256");
    constexpr char const* digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < bytesUsed; ++i) {
        text.push_back(digits[digest[i] >> 4]);
        text.push_back(digits[digest[i] & 15]);
    }
    return text;
}

std::string Keys::seal(std::string_view plain, std::string_view associated) const {
    std::string sealed(nonceBytes + plain.size() + tagBytes, '\0');
    unsigned char* const nonce = bytes(sealed);
    unsigned char* const text = nonce + nonceBytes;
    CipherPtr const cipher(EVP_CIPHER_CTX_new());
    int size = 0;
    require(RAND_bytes(nonce, nonceBytes) == 1 && cipher != nullptr &&
                EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, sealing_.data(), nonce) == 1 &&
                EVP_EncryptUpdate(cipher.get(), nullptr, &size, bytes(associated), length(associated)) == 1 &&
                EVP_EncryptUpdate(cipher.get(), text, &size, bytes(plain), length(plain)) == 1 &&
                EVP_EncryptFinal_ex(cipher.get(), text + size, &size) == 1 &&
                EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tagBytes, text + plain.size()) == 1,
            "seal (AES-256-GCM)");
    return sealed;
}

std::optional<std::string> Keys::open(std::string_view sealed, std::string_view associated) const {
    if (sealed.size() < nonceBytes + tagBytes || sealed.size() > INT_MAX) {
        return std::nullopt;
    }
    std::string_view const text = sealed.substr(nonceBytes, sealed.size() - nonceBytes - tagBytes);
    std::string tag(sealed.substr(sealed.size() - tagBytes));
    std::string plain(text.size() + 1, '\0'); // one more: an empty text needs an address, too
    CipherPtr const cipher(EVP_CIPHER_CTX_new());
    int size = 0;
    bool const opened =
        cipher != nullptr &&
        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, sealing_.data(), bytes(sealed)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), nullptr, &size, bytes(associated), length(associated)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), bytes(plain), &size, bytes(text), length(text)) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tagBytes, tag.data()) == 1 &&
        EVP_DecryptFinal_ex(cipher.get(), bytes(plain) + size, &size) == 1;
    if (!opened) {
        wipe(plain); // GCM yields text before it knows whether it is genuine
        return std::nullopt;
    }
    plain.pop_back();
    return plain;
}

} // namespace httptest::store
