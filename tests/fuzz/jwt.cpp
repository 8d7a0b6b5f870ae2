// Tokens as a stranger made them.

#include "input.hpp"

#include "support/make_jwt.hpp"

#include <httptest/jwt.hpp>

#include <string>
#include <string_view>

namespace {

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
    check(asClaims ? httptest::testing::makeJwt(text) : std::string(text));
    return 0;
}
