#include <httptest/headers.hpp>
#include <httptest/redactor.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace httptest::inline v1 {

namespace {

constexpr std::size_t shortestSecret = 8;

constexpr std::array<std::string_view, 6> secretHeaders = {
    "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "X-Auth-Token",
};

/// Names of JSON and form fields, without '_', '-' and case.
constexpr std::array<std::string_view, 18> secretFields = {
    "accesstoken",   "refreshtoken", "idtoken",   "externaltoken", "exchangetoken",   "clientsecret",
    "appsecret",     "secret",       "password",  "passphrase",    "token",           "apikey",
    "clientassertion", "assertion",  "subjecttoken", "privatekey", "bearertoken",     "authorization",
};

void appendBase64Forms(std::string_view secret, std::set<std::string>& forms) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // A secret may stand anywhere in what was encoded. For each alignment only the characters that depend on the
    // secret alone are looked for.
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
        forms.insert(standard);
        forms.insert(urlSafe);
    }
}

void appendHex(std::string& text, unsigned value, int digits, bool upper) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
        text.push_back((upper ? "0123456789ABCDEF" : "0123456789abcdef")[value >> shift & 15U]);
    }
}

std::string percentForm(std::string_view secret, bool upper, bool plusForSpace) {
    std::string form;
    for (char const c : secret) {
        bool const kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          std::string_view("-._~").find(c) != std::string_view::npos;
        if (kept) {
            form.push_back(c);
        } else if (c == ' ' && plusForSpace) {
            form.push_back('+');
        } else {
            form.push_back('%');
            appendHex(form, static_cast<unsigned char>(c), 2, upper);
        }
    }
    return form;
}

std::string jsonForm(std::string_view secret, bool escapeSlash) {
    constexpr std::string_view escaped = "\"\\\b\f\n\r\t";
    constexpr std::string_view letters = "\"\\bfnrt";
    std::string form;
    for (char const c : secret) {
        auto const index = escaped.find(c);
        if (index != std::string_view::npos) {
            form.push_back('\\');
            form.push_back(letters[index]);
        } else if (c == '/' && escapeSlash) {
            form.append("\\/");
        } else if (static_cast<unsigned char>(c) < 0x20) {
            form.append("\\u");
            appendHex(form, static_cast<unsigned char>(c), 4, false);
        } else {
            form.push_back(c);
        }
    }
    return form;
}

std::vector<std::string> formsOf(std::string_view secret) {
    std::set<std::string> forms;
    forms.insert(std::string(secret));
    for (bool const upper : {true, false}) {
        for (bool const plus : {true, false}) {
            forms.insert(percentForm(secret, upper, plus));
        }
    }
    for (bool const slash : {true, false}) {
        forms.insert(jsonForm(secret, slash));
        forms.insert(jsonForm(jsonForm(secret, slash), slash));
    }
    appendBase64Forms(secret, forms);
    return {forms.begin(), forms.end()};
}

class Redactor {
public:
    static Redactor& instance() {
        // Never destroyed: texts are written until the very end of the process.
        static Redactor* const redactor = new Redactor();
        return *redactor;
    }

    void add(std::string_view secret, std::optional<SteadyTime> forgetAt) {
        if (secret.size() < shortestSecret) {
            return;
        }
        std::lock_guard const lock(mutex_);
        if (forgetAt) {
            forgetEnded();
        }
        auto const [entry, added] = known_.try_emplace(std::string(secret));
        Known& known = entry->second;
        if (added) {
            known.forms = formsOf(secret);
            known.forgetAt = forgetAt;
        } else if (known.forgetAt) {
            known.forgetAt = forgetAt ? std::optional(std::max(*known.forgetAt, *forgetAt)) : std::nullopt;
        }
    }

    void replaceKnown(std::string& text) {
        std::lock_guard const lock(mutex_);
        for (auto const& [secret, known] : known_) {
            for (std::string const& form : known.forms) {
                for (auto at = text.find(form); at != std::string::npos; at = text.find(form, at + redactedMark.size())) {
                    text.replace(at, form.size(), redactedMark);
                }
            }
        }
    }

private:
    struct Known {
        std::vector<std::string> forms;
        std::optional<SteadyTime> forgetAt;
    };

    void forgetEnded() {
        SteadyTime const now = BootClock::now();
        std::erase_if(known_, [now](auto const& entry) { return entry.second.forgetAt && *entry.second.forgetAt <= now; });
    }

    std::mutex mutex_; // guards known_
    // Longest first: a secret that contains another must not leave its own ends behind.
    struct LongestFirst {
        bool operator()(std::string const& a, std::string const& b) const {
            return a.size() != b.size() ? a.size() > b.size() : a < b;
        }
    };
    std::map<std::string, Known, LongestFirst> known_;
};

bool isNameCharacter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// The end of what looks like a JWT at `begin`, or `begin`: a base64url header that starts with `{"`, two dots.
std::size_t endOfJwt(std::string_view text, std::size_t begin) noexcept {
    constexpr std::size_t shortestPart = 4;
    auto const endOfPart = [&](std::size_t from) {
        while (from < text.size() && isNameCharacter(text[from])) {
            ++from;
        }
        return from;
    };
    std::size_t const header = endOfPart(begin);
    if (header - begin < shortestPart || header >= text.size() || text[header] != '.') {
        return begin;
    }
    std::size_t const payload = endOfPart(header + 1);
    if (payload - header <= shortestPart) {
        return begin;
    }
    return payload < text.size() && text[payload] == '.' ? endOfPart(payload + 1) : payload;
}

bool isSecretField(std::string_view name) {
    std::string plain;
    for (char const c : name) {
        if (c != '_' && c != '-') {
            plain.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
        }
    }
    return std::find(secretFields.begin(), secretFields.end(), plain) != secretFields.end();
}

struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// The value of `"name": "value"` (also inside a JSON text that was itself escaped), of `name=value`, or of a header.
Span secretValueAfter(std::string_view text, std::size_t nameBegin, std::size_t nameEnd) {
    std::string_view const name = text.substr(nameBegin, nameEnd - nameBegin);
    bool const lineStart = nameBegin == 0 || text[nameBegin - 1] == '\n' || text[nameBegin - 1] == ' ';
    if (lineStart && nameEnd < text.size() && text[nameEnd] == ':' && isSecretHeader(name)) {
        auto const begin = text.find_first_not_of(' ', nameEnd + 1);
        return begin == std::string_view::npos ? Span{} : Span{begin, std::min(text.find_first_of("\r\n", begin), text.size())};
    }
    if (!isSecretField(name)) {
        return {};
    }
    if (nameEnd < text.size() && text[nameEnd] == '=') {
        return {nameEnd + 1, std::min(text.find_first_of("& \t\r\n\"'", nameEnd + 1), text.size())};
    }
    std::size_t at = nameEnd;
    std::size_t backslashes = 0;
    for (; at < text.size() && text[at] == '\\'; ++at) {
        ++backslashes;
    }
    if (at >= text.size() || text[at] != '"') {
        return {};
    }
    std::string const quote = std::string(backslashes, '\\') + '"';
    at = text.find_first_not_of(" \t\r\n", at + 1);
    if (at == std::string_view::npos || text[at] != ':') {
        return {};
    }
    at = text.find_first_not_of(" \t\r\n", at + 1);
    if (at == std::string_view::npos) {
        return {};
    }
    if (text.substr(at, quote.size()) != quote) {
        return text[at] == '{' || text[at] == '[' ? Span{} : Span{at, std::min(text.find_first_of(",}] \r\n", at), text.size())};
    }
    std::size_t const begin = at + quote.size();
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

} // namespace

void keepOutOfOutput(std::string_view secret) {
    Redactor::instance().add(secret, std::nullopt);
}

void keepOutOfOutput(std::string_view secret, SteadyTime forgetAt) {
    Redactor::instance().add(secret, forgetAt);
}

std::string redacted(std::string_view text) {
    std::string result(text);
    Redactor::instance().replaceKnown(result);
    return withoutSecretShapes(result);
}

bool isSecretHeader(std::string_view name) noexcept {
    return std::any_of(secretHeaders.begin(), secretHeaders.end(),
                       [name](std::string_view secret) { return equalsIgnoringCase(secret, name); });
}

} // namespace httptest::v1
