#include "redact/secret_forms.hpp"

#include <cstddef>
#include <utility>

namespace httptest::inline v1 {

namespace {

/// A secret may stand anywhere in what was encoded. For each alignment only the characters that depend on the secret
/// alone are looked for.
void appendBase64Forms(std::string_view secret, std::vector<std::string>& forms) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t offset = 0; offset < 3; ++offset) {
        std::string standard;
        std::string urlSafe;
        std::size_t const firstBit = 8 * offset;
        std::size_t const lastBit = firstBit + 8 * secret.size();
        for (std::size_t bit = (firstBit + 5) / 6 * 6; bit + 6 <= lastBit; bit += 6) {
            unsigned value = 0;
            for (std::size_t i = bit; i < bit + 6; ++i) {
                auto const byte = static_cast<unsigned char>(secret[i / 8 - offset]);
                value = value << 1 | (byte >> (7 - i % 8) & 1U);
            }
            char const c = plain[value];
            standard.push_back(c);
            urlSafe.push_back(c == '+' ? '-' : c == '/' ? '_' : c);
        }
        if (urlSafe != standard) {
            forms.push_back(std::move(urlSafe));
        }
        forms.push_back(std::move(standard));
    }
}

void appendHexForms(std::string_view secret, std::vector<std::string>& forms) {
    for (std::string_view const digits : {"0123456789abcdef", "0123456789ABCDEF"}) {
        std::string form;
        for (char const c : secret) {
            auto const byte = static_cast<unsigned char>(c);
            form.append({digits[byte >> 4], digits[byte & 15]});
        }
        forms.push_back(std::move(form));
    }
}

} // namespace

std::vector<std::string> secretForms(std::string_view secret) {
    std::vector<std::string> forms;
    forms.emplace_back(secret); // an initializer list would leave a copy behind
    appendBase64Forms(secret, forms);
    appendHexForms(secret, forms);
    return forms;
}

} // namespace httptest::v1
