// Tokens as a stranger made them.

#include "input.hpp"

#include <httptest/jwt.hpp>

#include <nlohmann/json.hpp>

#include <openssl/evp.h>

namespace {

std::string base64Url(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    int const length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<unsigned char const*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    for (char& c : text) {
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    text.erase(text.find_last_not_of('=') + 1);
    return text;
}

void check(std::string_view token) {
    if (auto const claims = httptest::readJwt(token)) {
        require(!claims->expiresAt || *claims->expiresAt >= 0, "no token ends before 1970");
        require(!claims->issuedAt || *claims->issuedAt >= 0, "no token was issued before 1970");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    Input input(data, size);
    bool const asClaims = input.draw(2) == 0;
    std::string_view const text = input.rest();
    // Most random texts are no base64: half of them are taken for the claims themselves.
    check(asClaims ? "eyJhbGciOiJSUzI1NiJ9." + base64Url(text) + ".c2lnbmF0dXJl" : std::string(text));
    return 0;
}
