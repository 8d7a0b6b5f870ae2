#include "remembrance.hpp"
#include "secret_registry.hpp"

#include <httptest/headers.hpp>
#include <httptest/redactor.hpp>

#include <pthread.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace httptest::inline v1 {

namespace {

constexpr std::size_t shortestSecret = 8;

constexpr std::array<std::string_view, 6> secretHeaders = {
    "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "X-Auth-Token",
};

/// Names of JSON and form fields, without '_', '-' and case.
constexpr std::array<std::string_view, 18> secretFields = {
    "accesstoken",     "refreshtoken", "idtoken",      "externaltoken", "exchangetoken", "clientsecret",
    "appsecret",       "secret",       "password",     "passphrase",    "token",         "apikey",
    "clientassertion", "assertion",    "subjecttoken", "privatekey",    "bearertoken",   "authorization",
};

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

/// The number that `digits` hexadecimal digits at `at` make, in either case.
std::optional<unsigned> hexAt(std::string_view text, std::size_t at, std::size_t digits) noexcept {
    if (at + digits > text.size()) {
        return std::nullopt;
    }
    unsigned value = 0;
    auto const [end, error] = std::from_chars(text.data() + at, text.data() + at + digits, value, 16);
    bool const whole = error == std::errc() && end == text.data() + at + digits;
    return whole ? std::optional(value) : std::nullopt;
}

std::string utf8(unsigned codePoint) {
    auto const tail = [codePoint](int shift) { return static_cast<char>(0x80U | (codePoint >> shift & 0x3FU)); };
    if (codePoint < 0x80) {
        return {static_cast<char>(codePoint)};
    }
    if (codePoint < 0x800) {
        return {static_cast<char>(0xC0U | codePoint >> 6), tail(0)};
    }
    if (codePoint < 0x10000) {
        return {static_cast<char>(0xE0U | codePoint >> 12), tail(6), tail(0)};
    }
    return {static_cast<char>(0xF0U | codePoint >> 18), tail(12), tail(6), tail(0)};
}

/// Walks along a text and a secret in step. The text may write each character literally, URL-encoded or JSON-escaped
/// (also in a JSON text that was itself escaped); encoders differ in which they escape.
class Match {
public:
    /// @param percentDecoded  Whether '%' begins an escape; a secret may itself contain "%41".
    Match(std::string_view text, std::size_t at, std::string_view secret, bool percentDecoded)
        : text_(text),
          secret_(secret),
          at_(at),
          percentDecoded_(percentDecoded) {}

    /// Where the secret ends in the text; nothing when it does not stand here.
    std::optional<std::size_t> end() {
        while (!secret_.empty()) {
            if (at_ >= text_.size() || !step()) {
                return std::nullopt;
            }
        }
        return at_;
    }

private:
    bool step() {
        char const c = text_[at_];
        if (c == '%' && percentDecoded_) {
            std::optional<unsigned> const byte = hexAt(text_, at_ + 1, 2);
            return byte && accept(3, std::string(1, static_cast<char>(*byte)));
        }
        if (c == secret_.front()) {
            return accept(1, secret_.substr(0, 1));
        }
        if (c == '+' && percentDecoded_) {
            return accept(1, " ");
        }
        return c == '\\' && stepOverEscape();
    }

    bool stepOverEscape() {
        constexpr std::size_t mostBackslashes = 7; // three levels of escaping
        std::size_t letter = at_;
        while (letter < text_.size() && text_[letter] == '\\' && letter - at_ < mostBackslashes) {
            ++letter;
        }
        if (letter >= text_.size()) {
            return false;
        }
        std::size_t const length = letter + 1 - at_;
        if (text_[letter] == 'u' && stepOverCodePoint(letter)) {
            return true;
        }
        constexpr std::string_view letters = "bfnrt";
        constexpr std::string_view meant = "\b\f\n\r\t";
        auto const index = letters.find(text_[letter]);
        return (index != std::string_view::npos && accept(length, meant.substr(index, 1))) ||
               accept(length, text_.substr(letter, 1));
    }

    bool stepOverCodePoint(std::size_t letter) {
        std::optional<unsigned> const unit = hexAt(text_, letter + 1, 4);
        if (!unit) {
            return false;
        }
        std::size_t const end = letter + 5;
        if (*unit < 0xD800 || *unit > 0xDBFF) {
            return accept(end - at_, utf8(*unit));
        }
        std::size_t const second = text_.find('u', end);
        std::optional<unsigned> const low =
            second != std::string_view::npos && second - end <= 7 ? hexAt(text_, second + 1, 4) : std::nullopt;
        return low && *low >= 0xDC00 && *low <= 0xDFFF &&
               accept(second + 5 - at_, utf8(0x10000U + ((*unit - 0xD800U) << 10) + (*low - 0xDC00U)));
    }

    bool accept(std::size_t textLength, std::string_view meaning) {
        if (!secret_.starts_with(meaning)) {
            return false;
        }
        at_ += textLength;
        secret_.remove_prefix(meaning.size());
        return true;
    }

    std::string_view text_;
    std::string_view secret_; // what is left of it
    std::size_t at_;
    bool percentDecoded_;
};

bool isLetterOrDigit(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// One registered secret: what to look for, and for how long.
struct Known {
    explicit Known(std::string_view secret) : forms{std::string(secret)} {
        appendBase64Forms(secret, forms);
        for (std::string const& form : forms) {
            char const first = form.front();
            mayBegin[static_cast<unsigned char>(first)] = true;
            if (!isLetterOrDigit(first)) { // those are never escaped
                mayBegin['%'] = mayBegin['\\'] = true;
            }
            mayBegin['+'] = mayBegin['+'] || first == ' ';
        }
    }

    std::optional<std::size_t> endAt(std::string_view text, std::size_t at) const {
        for (std::string const& form : forms) {
            if (isLetterOrDigit(form.front()) && form.front() != text[at]) {
                continue;
            }
            for (bool const percentDecoded : {false, true}) {
                if (auto const end = Match(text, at, form, percentDecoded).end()) {
                    return end;
                }
            }
        }
        return std::nullopt;
    }

    std::string replacedIn(std::string_view text) const {
        std::string result;
        result.reserve(text.size());
        std::size_t copied = 0;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (!mayBegin[static_cast<unsigned char>(text[at])]) {
                continue;
            }
            if (auto const end = endAt(text, at)) {
                result.append(text.substr(copied, at - copied)).append(redactedMark);
                copied = *end;
                at = *end - 1;
            }
        }
        return result.append(text.substr(copied));
    }

    std::vector<std::string> forms;
    std::array<bool, 256> mayBegin{};
    Remembrance remembrance;
};

class Redactor {
public:
    static Redactor& instance() {
        // Never destroyed: texts are written until the very end of the process.
        static Redactor* const redactor = [] {
            // A child's first redaction must not wait for a thread that it does not have.
            ::pthread_atfork([] { instance().mutex_.lock(); }, [] { instance().mutex_.unlock(); },
                             [] { instance().mutex_.unlock(); });
            return new Redactor();
        }();
        return *redactor;
    }

    void hold(std::string_view secret) {
        change(secret, [](Known& known) { known.remembrance.hold(); });
    }

    void release(std::string_view secret) noexcept {
        std::lock_guard const lock(mutex_);
        auto const found = known_.find(secret);
        if (found != known_.end()) {
            found->second.remembrance.release(BootClock::now());
        }
    }

    void add(std::string_view secret) {
        change(secret, [](Known& known) { known.remembrance.forGood(); });
    }

    void add(std::string_view secret, SteadyTime forgetAt) {
        change(secret, [forgetAt](Known& known) { known.remembrance.until(forgetAt); });
    }

    std::string withoutKnown(std::string_view text) {
        std::string result(text);
        std::lock_guard const lock(mutex_);
        for (auto const& [secret, known] : known_) {
            result = known.replacedIn(result);
        }
        return result;
    }

private:
    // Longest first: a secret that contains another must not leave its own ends behind.
    struct LongestFirst {
        using is_transparent = void;
        bool operator()(std::string_view a, std::string_view b) const noexcept {
            return a.size() != b.size() ? a.size() > b.size() : a < b;
        }
    };

    using KnownSecrets = std::map<std::string, Known, LongestFirst>;

    template <class Change>
    void change(std::string_view secret, Change apply) {
        if (secret.size() < shortestSecret) {
            return;
        }
        std::lock_guard const lock(mutex_);
        auto found = known_.find(secret);
        if (found == known_.end()) {
            found = known_.try_emplace(std::string(secret), secret).first;
        }
        apply(found->second);
        forgetEnded(BootClock::now());
    }

    /// Keeps the latest few: by a harness's own clock, a fake one in a test say, they may not have ended yet.
    void forgetEnded(SteadyTime now) {
        constexpr std::size_t kept = 64;
        std::vector<KnownSecrets::iterator> ended;
        for (auto entry = known_.begin(); entry != known_.end(); ++entry) {
            if (entry->second.remembrance.over(now)) {
                ended.push_back(entry);
            }
        }
        if (ended.size() <= kept) {
            return;
        }
        std::sort(ended.begin(), ended.end(),
                  [](auto a, auto b) { return a->second.remembrance.end() < b->second.remembrance.end(); });
        ended.resize(ended.size() - kept);
        for (auto const entry : ended) {
            known_.erase(entry);
        }
    }

    std::mutex mutex_; // guards known_
    KnownSecrets known_;
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

void holdSecret(std::string_view text) {
    Redactor::instance().hold(text);
}

void releaseSecret(std::string_view text) noexcept {
    Redactor::instance().release(text);
}

void keepOutOfOutput(std::string_view secret) {
    Redactor::instance().add(secret);
}

void keepOutOfOutput(std::string_view secret, SteadyTime forgetAt) {
    Redactor::instance().add(secret, forgetAt);
}

std::string redacted(std::string_view text) {
    return withoutSecretShapes(Redactor::instance().withoutKnown(text));
}

bool isSecretHeader(std::string_view name) noexcept {
    return std::any_of(secretHeaders.begin(), secretHeaders.end(),
                       [name](std::string_view secret) { return equalsIgnoringCase(secret, name); });
}

} // namespace httptest::v1
