#include "wire/request_text.hpp"

#include "wire/text.hpp"

#include <httptest/error.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace httptest::wire {

namespace {

/// Up to here a body travels in the header's buffer, so that a small request is one system call.
constexpr std::size_t smallBody = std::size_t{16} * 1024;

constexpr std::array<bool, 256> tokenCharacters() {
    std::array<bool, 256> is{};
    for (char const c : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")) {
        is[static_cast<unsigned char>(c)] = true;
    }
    return is;
}

bool isToken(std::string_view text) noexcept {
    static constexpr auto isTokenCharacter = tokenCharacters();
    return !text.empty() && std::all_of(text.begin(), text.end(),
                                        [](char c) { return isTokenCharacter[static_cast<unsigned char>(c)]; });
}

bool isControl(char c) noexcept {
    auto const byte = static_cast<unsigned char>(c);
    return byte < ' ' || byte == 0x7f;
}

/// Looks at eight bytes at once, since a bearer token is over a kilobyte: true when one may be a control character.
bool mayHaveControl(std::uint64_t eight) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t highs = 0x8080808080808080;
    auto const below = (eight - ones * ' ') & ~eight;
    auto const deletes = eight ^ (ones * 0x7f);
    return ((below | ((deletes - ones) & ~deletes)) & highs) != 0;
}

/// Where the first control character but tab stands; the size when there is none.
std::size_t findControl(std::string_view text) noexcept {
    std::size_t at = 0;
    for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data() + at, sizeof eight);
        if (mayHaveControl(eight)) {
            break;
        }
    }
    auto const bad = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                                  [](char c) { return c != '\t' && isControl(c); });
    return static_cast<std::size_t>(bad - text.begin());
}

char const* nameOf(char control) noexcept {
    switch (control) {
    case '\r': return "CR";
    case '\n': return "LF";
    case '\0': return "NUL";
    default: return "a control character";
    }
}

[[noreturn]] void refuse(Request const& request, std::string const& why) {
    throw InvalidRequest("the request " + excerpt(request.method + ' ' + request.url.text(), 200) +
                         " was not sent: " + why);
}

void checkTarget(Request const& request) {
    auto const& origin = request.url.origin;
    if (origin.scheme != "http" && origin.scheme != "https") {
        refuse(request, "its scheme is neither http nor https");
    }
    auto const isBad = [](char c) { return c == ' ' || isControl(c); };
    constexpr std::string_view delimiters = "/?#@[]\\";
    if (origin.host.empty() || origin.host.find_first_of(delimiters) != std::string::npos ||
        std::any_of(origin.host.begin(), origin.host.end(), isBad)) {
        refuse(request, "its host is malformed");
    }
    if (origin.port == 0) {
        refuse(request, "its port is 0");
    }
    auto const& target = request.url.target;
    if (auto const bad = std::find_if(target.begin(), target.end(), isBad); bad != target.end()) {
        refuse(request, std::string("its target contains ") + (*bad == ' ' ? "a space" : nameOf(*bad)) +
                            " at position " + std::to_string(bad - target.begin()) + "; percent-encode it");
    }
    bool const asterisk = request.method == "OPTIONS" && target == "*";
    if (!asterisk && !target.starts_with('/')) {
        refuse(request, "its target does not begin with '/'");
    }
}

void checkMethod(Request const& request) {
    if (!isToken(request.method)) {
        refuse(request, "its method is no token");
    }
    if (request.method == "CONNECT") {
        refuse(request, "CONNECT is for proxies, which the transport asks by itself");
    }
}

void checkField(Request const& request, Headers::Field const& field) {
    if (!isToken(field.name)) {
        refuse(request, "the header name " + excerpt(field.name) + " is no token");
    }
    if (auto const bad = findControl(field.value); bad != field.value.size()) {
        refuse(request, "the value of header " + field.name + " contains " + nameOf(field.value[bad]) +
                            " at position " + std::to_string(bad));
    }
}

bool hasCloseToken(std::string_view value) {
    while (!value.empty()) {
        auto const comma = std::min(value.find(','), value.size());
        auto token = value.substr(0, comma);
        while (!token.empty() && (token.front() == ' ' || token.front() == '\t')) token.remove_prefix(1);
        while (!token.empty() && (token.back() == ' ' || token.back() == '\t')) token.remove_suffix(1);
        if (equalsIgnoringCase(token, "close")) {
            return true;
        }
        value.remove_prefix(std::min(comma + 1, value.size()));
    }
    return false;
}

void appendField(std::string& head, std::string_view name, std::string_view value) {
    head += name;
    head += ": ";
    head += value;
    head += "\r\n";
}

bool announcesBody(Request const& request) {
    return !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
}

/// The caller's fields, with those that the transport sets itself looked at.
class FieldWriter {
public:
    FieldWriter(Request const& request, RequestText& text) : request_(request), text_(text) {}

    void write(Headers::Field const& field) {
        checkField(request_, field);
        // The length tells the few special names apart before any comparison.
        switch (field.name.size()) {
        case 4: rememberHost(field); break;
        case 10: text_.close |= equalsIgnoringCase(field.name, "Connection") && hasCloseToken(field.value); break;
        case 14:
            if (equalsIgnoringCase(field.name, "Content-Length")) {
                checkLength(field);
                return;
            }
            break;
        case 17:
            if (equalsIgnoringCase(field.name, "Transfer-Encoding")) {
                refuse(request_,
                       "Transfer-Encoding cannot be set: the transport sends the body whole, with its Content-Length");
            }
            break;
        default: break;
        }
        appendField(text_.head, field.name, field.value);
    }

private:
    void rememberHost(Headers::Field const& field) {
        if (equalsIgnoringCase(field.name, "Host")) {
            if (hasHost_) {
                refuse(request_, "it has two Host headers");
            }
            hasHost_ = true;
        }
    }

    void checkLength(Headers::Field const& field) {
        if (field.value != std::to_string(request_.body.size())) {
            refuse(request_, "its header Content-Length says otherwise than its body of " +
                                 std::to_string(request_.body.size()) + " bytes; leave the header out");
        }
    }

    Request const& request_;
    RequestText& text_;
    bool hasHost_ = false;
};

std::size_t sizeOf(Request const& request, std::string_view proxyAuthorization) {
    constexpr std::size_t fixed = 128; // the request line's rest, Host, Content-Length, the proxy's header name
    auto size = fixed + request.method.size() + request.url.target.size() + 2 * request.url.origin.host.size() +
                proxyAuthorization.size();
    for (auto const& field : request.headers) {
        size += field.name.size() + field.value.size() + 4;
    }
    return size + (request.body.size() <= smallBody ? request.body.size() : 0);
}

} // namespace

RequestText requestText(Request const& request, TargetForm form, std::string_view proxyAuthorization) {
    checkMethod(request);
    checkTarget(request);

    RequestText text;
    auto& head = text.head;
    head.reserve(sizeOf(request, proxyAuthorization));
    head += request.method;
    head += ' ';
    if (form == TargetForm::absolute) {
        head += request.url.origin.text();
        head += request.url.target == "*" ? std::string_view() : request.url.target;
    } else {
        head += request.url.target;
    }
    head += " HTTP/1.1\r\n";

    // Host comes first, as RFC 9110 section 7.2 wants it; a caller's own is written where the caller has it.
    if (!request.headers.has("Host")) {
        head += "Host: ";
        head += request.url.origin.authority();
        head += "\r\n";
    }
    FieldWriter writer(request, text);
    for (auto const& field : request.headers) {
        writer.write(field);
    }
    if (!proxyAuthorization.empty()) {
        appendField(head, "Proxy-Authorization", proxyAuthorization);
    }
    if (announcesBody(request)) {
        std::array<char, 20> digits{};
        auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), request.body.size()).ptr;
        appendField(head, "Content-Length", {digits.data(), static_cast<std::size_t>(end - digits.data())});
    }
    head += "\r\n";
    if (request.body.size() <= smallBody) {
        head += request.body;
    } else {
        text.body = request.body;
    }
    return text;
}

bool isIdempotent(std::string_view method) noexcept {
    return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE" || method == "OPTIONS" ||
           method == "TRACE";
}

} // namespace httptest::wire
