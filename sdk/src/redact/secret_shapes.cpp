#include "redact/secret_shapes.hpp"

#include <httptest/redactor.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

namespace httptest::inline v1 {

namespace {

/// Names of JSON and form fields, without '_', '-' and case.
constexpr std::array<std::string_view, 18> secretFields = {
    "accesstoken",     "refreshtoken", "idtoken",      "externaltoken", "exchangetoken", "clientsecret",
    "appsecret",       "secret",       "password",     "passphrase",    "token",         "apikey",
    "clientassertion", "assertion",    "subjecttoken", "privatekey",    "bearertoken",   "authorization",
};

bool isNameCharacter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// The end of what looks like a JWT at `begin`, or `begin`: a base64url header that starts with `{"`, then one part
/// or more after dots (three in all when signed, five when encrypted).
std::size_t endOfJwt(std::string_view text, std::size_t begin) noexcept {
    constexpr std::size_t shortestPart = 4;
    constexpr int mostParts = 5;
    auto const endOfPart = [text](std::size_t from) {
        while (from < text.size() && isNameCharacter(text[from])) {
            ++from;
        }
        return from;
    };
    std::size_t const header = endOfPart(begin);
    if (header - begin < shortestPart || header >= text.size() || text[header] != '.') {
        return begin;
    }
    std::size_t end = endOfPart(header + 1);
    if (end - header <= shortestPart) {
        return begin;
    }
    for (int part = 3; part <= mostParts && end < text.size() && text[end] == '.'; ++part) {
        end = endOfPart(end + 1);
    }
    return end;
}

bool isSecretField(std::string_view name) {
    std::string plain;
    for (char const c : name) {
        if (c != '_' && c != '-') {
            plain.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
        }
    }
    return std::find(secretFields.begin(), secretFields.end(), plain) != secretFields.end() || isSecretHeader(name);
}

struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// The value of a header: what is left of its line.
Span headerValue(std::string_view text, std::size_t colon) {
    auto const begin = text.find_first_not_of(" \t", colon + 1);
    return begin == std::string_view::npos ? Span{}
                                           : Span{begin, std::min(text.find_first_of("\r\n", begin), text.size())};
}

/// A JSON string's content. A quote inside it carries more backslashes than the one that ends it.
Span stringValue(std::string_view text, std::size_t begin, std::size_t backslashes) {
    for (std::size_t end = text.find('"', begin); end != std::string_view::npos; end = text.find('"', end + 1)) {
        std::size_t before = 0;
        while (end - before > begin && text[end - before - 1] == '\\') {
            ++before;
        }
        if (before <= backslashes || before % 2 == 0) {
            return {begin, end - std::min(before, backslashes)};
        }
    }
    return {begin, text.size()};
}

/// A JSON array's content, as Go writes headers.
Span arrayValue(std::string_view text, std::size_t begin) {
    if (text.substr(begin).starts_with(redactedMark)) {
        return {}; // done before
    }
    auto const first = text.find_first_not_of(" \t\r\n", begin);
    bool const ofStrings = first != std::string_view::npos && (text[first] == '"' || text[first] == '\\');
    for (std::size_t end = text.find(']', begin); end != std::string_view::npos; end = text.find(']', end + 1)) {
        if (!ofStrings || text[text.find_last_not_of(" \t\r\n", end - 1)] == '"') {
            return {begin, end};
        }
    }
    return {begin, text.size()};
}

/// A JSON number; null, true and false give nothing away.
Span scalarValue(std::string_view text, std::size_t begin) {
    std::size_t const end = std::min(text.find_first_of(",}] \t\r\n", begin), text.size());
    std::string_view const value = text.substr(begin, end - begin);
    return value == "null" || value == "true" || value == "false" ? Span{} : Span{begin, end};
}

/// The value of `"name": "value"` (also inside a JSON text that was itself escaped), of `name=value`, or of a header.
Span secretValueAfter(std::string_view text, std::size_t nameBegin, std::size_t nameEnd) {
    constexpr std::string_view space = " \t\r\n";
    std::string_view const name = text.substr(nameBegin, nameEnd - nameBegin);
    if (nameEnd < text.size() && text[nameEnd] == ':' && isSecretHeader(name)) {
        return headerValue(text, nameEnd);
    }
    if (!isSecretField(name)) {
        return {};
    }
    if (nameEnd < text.size() && text[nameEnd] == '=') {
        return {nameEnd + 1, std::min(text.find_first_of("& \t\r\n\"'", nameEnd + 1), text.size())};
    }
    std::size_t const quote = std::min(text.find_first_not_of('\\', nameEnd), text.size());
    std::size_t const backslashes = quote - nameEnd;
    if (quote >= text.size() || text[quote] != '"') {
        return {};
    }
    std::size_t const colon = text.find_first_not_of(space, quote + 1);
    if (colon == std::string_view::npos || text[colon] != ':') {
        return {};
    }
    std::size_t const value = text.find_first_not_of(space, colon + 1);
    if (value == std::string_view::npos || text[value] == '{') {
        return {};
    }
    if (text[value] == '[') {
        return arrayValue(text, value + 1);
    }
    std::string const opening = std::string(backslashes, '\\') + '"';
    return text.substr(value, opening.size()) == opening ? stringValue(text, value + opening.size(), backslashes)
                                                         : scalarValue(text, value);
}

} // namespace

std::string withoutSecretShapes(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    std::size_t at = 0;
    while (at < text.size()) {
        if (!isNameCharacter(text[at])) {
            result.push_back(text[at++]);
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && isNameCharacter(text[end])) {
            ++end;
        }
        auto const jwt = text.substr(at, end - at).find("eyJ");
        std::size_t const jwtBegin = jwt == std::string_view::npos ? end : at + jwt;
        std::size_t const jwtEnd = jwtBegin < end ? endOfJwt(text, jwtBegin) : jwtBegin;
        if (jwtEnd > jwtBegin) {
            result.append(text.substr(at, jwtBegin - at)).append(redactedMark);
            at = jwtEnd;
            continue;
        }
        Span const value = secretValueAfter(text, at, end);
        if (value.end > value.begin) {
            result.append(text.substr(at, value.begin - at)).append(redactedMark);
            at = value.end;
        } else {
            result.append(text.substr(at, end - at));
            at = end;
        }
    }
    return result;
}

} // namespace httptest::v1
