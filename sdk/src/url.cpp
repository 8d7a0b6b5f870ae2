#include <httptest/error.hpp>
#include <httptest/headers.hpp>
#include <httptest/redactor.hpp>
#include <httptest/url.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

// Not Poco::URI: it decodes and re-encodes paths, so that what a test wrote is not what is sent, and it lets CR and LF
// through in queries.

namespace httptest::inline v1 {

namespace {

constexpr std::uint16_t httpPort = 80;
constexpr std::uint16_t httpsPort = 443;

[[noreturn]] void refuse(std::string_view text, std::string const& why) {
    constexpr std::size_t shownBytes = 200;
    std::string shown(text);
    // To the last '@', also one behind a '/': a password may hold both.
    if (auto const at = shown.rfind('@'); at != std::string::npos) {
        auto const schemeEnd = shown.find("://");
        auto const begin = schemeEnd == std::string::npos || schemeEnd > at ? 0 : schemeEnd + 3;
        shown.replace(begin, at - begin, "...");
    }
    shown = redacted(shown); // before it is cut: the beginning of a secret is one too
    shown.resize(std::min(shown.size(), shownBytes));
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return c <= ' ' || c >= '\x7f'; }, '?');
    throw InvalidRequest("'" + shown + "' is no usable URL: " + why);
}

/// RFC 3986's characters; '%' and the delimiters included.
bool isUrlCharacter(char c) noexcept {
    constexpr std::string_view never = "\"<>\\^`{|}";
    return c > ' ' && c < '\x7f' && never.find(c) == std::string_view::npos;
}

void requireUrlCharacters(std::string_view text) {
    auto const bad = std::find_if_not(text.begin(), text.end(), isUrlCharacter);
    if (bad == text.end()) {
        return;
    }
    auto const position = static_cast<std::size_t>(bad - text.begin());
    // The character itself is not shown: it may be one of a password's.
    refuse(text, "the character at position " + std::to_string(position) +
                     " (white space, a control character, a byte beyond ASCII, a quote or a bracket) must be "
                     "percent-encoded");
}

bool isIpv6(std::string const& host) noexcept {
    in6_addr address{};
    return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

std::string normalisedIpv6(std::string_view text, std::string_view url) {
    in6_addr address{};
    if (::inet_pton(AF_INET6, std::string(text).c_str(), &address) != 1) {
        refuse(url, "there is no IPv6 address in the brackets");
    }
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    return ::inet_ntop(AF_INET6, &address, buffer.data(), buffer.size());
}

std::string normalisedName(std::string_view text, std::string_view url) {
    std::string host(text);
    std::transform(host.begin(), host.end(), host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (host.ends_with('.')) {
        host.pop_back();
    }
    bool const emptyLabel = host.starts_with('.') || host.ends_with('.') || host.find("..") != std::string::npos;
    bool const valid = !host.empty() && !emptyLabel && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
    if (!valid) {
        refuse(url, "its host is missing or is no host name");
    }
    return host;
}

std::uint16_t parsedPort(std::string_view text, std::string_view url) {
    unsigned port = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size() || port == 0 || port > 65535) {
        refuse(url, "its port is no number from 1 to 65535");
    }
    return static_cast<std::uint16_t>(port);
}

Origin parsedAuthority(std::string scheme, std::string_view authority, std::string_view url) {
    if (authority.find('@') != std::string_view::npos) {
        refuse(url, "user-info before '@' is not accepted; credentials do not belong in URLs");
    }
    Origin origin;
    std::string_view port;
    if (authority.starts_with('[')) {
        auto const end = authority.find(']');
        if (end == std::string_view::npos) {
            refuse(url, "the bracket of the IPv6 address is not closed");
        }
        origin.host = normalisedIpv6(authority.substr(1, end - 1), url);
        std::string_view const rest = authority.substr(end + 1);
        if (!rest.empty() && !rest.starts_with(':')) {
            refuse(url, "unexpected text after the IPv6 address");
        }
        port = rest.empty() ? rest : rest.substr(1);
    } else {
        auto const colon = authority.find(':');
        origin.host = normalisedName(authority.substr(0, colon), url);
        port = colon == std::string_view::npos ? std::string_view() : authority.substr(colon + 1);
    }
    std::uint16_t const usual = scheme == "https" ? httpsPort : httpPort;
    origin.port = port.empty() ? usual : parsedPort(port, url);
    origin.scheme = std::move(scheme);
    return origin;
}

std::string_view pathOf(std::string_view target) {
    return target.substr(0, target.find('?'));
}

std::string withoutDotSegments(std::string_view path) {
    std::vector<std::string_view> kept;
    bool endsInSlash = true;
    std::size_t begin = 1;
    while (begin <= path.size()) {
        std::size_t const end = std::min(path.find('/', begin), path.size());
        std::string_view const segment = path.substr(begin, end - begin);
        endsInSlash = segment == "." || segment == ".." || (segment.empty() && end == path.size());
        if (segment == "..") {
            if (!kept.empty()) {
                kept.pop_back();
            }
        } else if (segment != "." && !endsInSlash) {
            kept.push_back(segment);
        }
        begin = end + 1;
    }
    std::string result;
    for (std::string_view const segment : kept) {
        result.append("/").append(segment);
    }
    if (endsInSlash) {
        result.push_back('/');
    }
    return result;
}

std::string encoded(std::string_view text, char const* forSpace) {
    constexpr char const* digits = "0123456789ABCDEF";
    std::string result;
    result.reserve(text.size());
    for (char const c : text) {
        bool const unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                c == '-' || c == '.' || c == '_' || c == '~';
        if (unreserved) {
            result.push_back(c);
        } else if (c == ' ') {
            result.append(forSpace);
        } else {
            auto const byte = static_cast<unsigned char>(c);
            result.push_back('%');
            result.push_back(digits[byte >> 4]);
            result.push_back(digits[byte & 15]);
        }
    }
    return result;
}

} // namespace

bool Origin::loopback() const noexcept {
    if (host == "localhost" || host == "::1") {
        return true;
    }
    in_addr address{};
    return ::inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

std::string Origin::authority() const {
    std::string text = isIpv6(host) ? "[" + host + "]" : host;
    if (port != (secure() ? httpsPort : httpPort)) {
        text.append(":").append(std::to_string(port));
    }
    return text;
}

std::string Origin::text() const {
    return scheme + "://" + authority();
}

Url Url::parse(std::string_view text) {
    requireUrlCharacters(text);
    auto const schemeEnd = text.find("://");
    std::string_view const scheme = text.substr(0, schemeEnd == std::string_view::npos ? 0 : schemeEnd);
    bool const https = equalsIgnoringCase(scheme, "https");
    if (!https && !equalsIgnoringCase(scheme, "http")) {
        refuse(text, "it must begin with https:// or http://");
    }
    std::string_view const rest = text.substr(schemeEnd + 3);
    std::string_view const authority = rest.substr(0, rest.find_first_of("/?#"));
    std::string_view const target = rest.substr(authority.size(), rest.find('#') - authority.size());

    Url url;
    url.origin = parsedAuthority(https ? "https" : "http", authority, text);
    url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
    return url;
}

Url Url::resolve(std::string_view reference) const {
    requireUrlCharacters(reference);
    std::string_view const relative = reference.substr(0, reference.find('#'));
    auto const delimiter = relative.find_first_of(":/?");
    bool const hasScheme = delimiter != std::string_view::npos && relative[delimiter] == ':';
    if (hasScheme || relative.starts_with("//")) {
        Url result = parse(hasScheme ? std::string(relative) : origin.scheme + ":" + std::string(relative));
        std::string const query = result.target.substr(std::min(result.target.find('?'), result.target.size()));
        result.target = withoutDotSegments(pathOf(result.target)).append(query);
        return result;
    }
    Url result = *this;
    if (relative.empty()) {
        return result;
    }
    std::string_view const path = pathOf(target);
    std::string_view const ownPath = pathOf(relative);
    std::string_view const query = relative.substr(ownPath.size());
    if (ownPath.empty()) {
        result.target = std::string(path).append(query);
    } else if (ownPath.starts_with('/')) {
        result.target = withoutDotSegments(ownPath).append(query);
    } else {
        std::string const merged = std::string(path.substr(0, path.rfind('/') + 1)).append(ownPath);
        result.target = withoutDotSegments(merged).append(query);
    }
    return result;
}

std::string Url::text() const {
    return origin.text() + target;
}

std::string percentEncode(std::string_view text) {
    return encoded(text, "%20");
}

std::string formEncode(std::string_view text) {
    return encoded(text, "+");
}

} // namespace httptest::v1
