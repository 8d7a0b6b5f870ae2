// No form of a registered secret survives, whatever stands around it.

#include "input.hpp"

#include <httptest/redactor.hpp>
#include <httptest/url.hpp>

#include <nlohmann/json.hpp>

#include <openssl/evp.h>

#include <array>
#include <string>

namespace {

std::string const canary = "c4n+ry/\"s3cret\\with=every&kind of%20sign";

std::string base64(std::string const& bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    int const length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<unsigned char const*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

std::string jsonEscaped(std::string const& text) {
    std::string const quoted = nlohmann::json(text).dump();
    return quoted.substr(1, quoted.size() - 2);
}

std::string inHex(std::string const& text) {
    std::string result;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        result.append({"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]});
    }
    return result;
}

std::string inHtml(std::string const& text) {
    std::string result;
    for (char const c : text) {
        result.append(c == '&' ? "&amp;" : c == '"' ? "&#34;" : std::string(1, c));
    }
    return result;
}

/// What of a form must not be found: for base64 what no neighbour can change.
struct Form {
    std::string text;
    std::string core;
};

std::array<Form, 7> const& forms() {
    static std::array<Form, 7> const all = [] {
        std::string const encoded = base64(canary);
        std::string url = encoded;
        for (char& c : url) {
            c = c == '+' ? '-' : c == '/' ? '_' : c;
        }
        return std::array<Form, 7>{Form{canary, canary},
                                   Form{httptest::percentEncode(canary), httptest::percentEncode(canary)},
                                   Form{jsonEscaped(canary), jsonEscaped(canary)},
                                   Form{encoded, encoded.substr(0, encoded.size() - 4)},
                                   Form{url, url.substr(0, url.size() - 4)},
                                   Form{inHex(canary), inHex(canary)},
                                   Form{inHtml(canary), inHtml(canary)}};
    }();
    return all;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static bool const registered = (httptest::keepOutOfOutput(canary), true);
    static_cast<void>(registered);
    Input input(data, size);
    std::string text;
    while (!input.empty()) {
        std::uint32_t const what = input.draw(static_cast<std::uint32_t>(forms().size()) + 1);
        if (what < forms().size()) {
            text.append(forms()[what].text);
        }
        text.append(input.upTo(input.draw(32)));
    }
    std::string const shown = httptest::redacted(text);
    for (Form const& form : forms()) {
        require(shown.find(form.core) == std::string::npos, "a form of the secret survives");
    }
    return 0;
}
