#include "secret_registry.hpp"

#include <httptest/secret.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace httptest::inline v1 {

namespace {

/// Fetched once: each fetch takes a lock of OpenSSL's, for which a child of fork() waits for good when a thread of its
/// parent's held it.
EVP_MD const* sha256() {
    static EVP_MD const* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return fetched;
}

} // namespace

void wipe(std::string& text) noexcept {
    // Growing to the capacity never reallocates; it makes the spare bytes, which may hold older text, writable.
    // What was moved from may still hold a short text. NOLINTNEXTLINE(clang-analyzer-cplusplus.Move)
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

Secret::Secret(std::string text) : text_(std::move(text)) {
    // NOLINTNEXTLINE(bugprone-use-after-move)
    httptest::wipe(text);
    holdSecret(text_);
}

Secret::Secret(Secret&& other) noexcept : text_(std::move(other.text_)) {
    other.wipe();
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        text_ = std::move(other.text_);
        other.wipe();
    }
    return *this;
}

Secret::~Secret() {
    wipe();
}

Secret Secret::clone() const {
    Secret copy;
    copy.text_ = text_;
    holdSecret(copy.text_);
    return copy;
}

std::string Secret::fingerprint() const {
    constexpr std::size_t bytesShown = 6;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(text_.data(), text_.size(), digest.data(), &size, sha256(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL cannot compute SHA-256");
    }
    constexpr char const* digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < bytesShown; ++i) {
        text.push_back(digits[digest[i] >> 4]);
        text.push_back(digits[digest[i] & 15]);
    }
    return text;
}

void Secret::wipe() noexcept {
    if (!text_.empty()) {
        releaseSecret(text_);
    }
    httptest::wipe(text_);
}

} // namespace httptest::v1
