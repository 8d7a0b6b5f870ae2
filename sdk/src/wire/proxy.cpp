#include "wire/proxy.hpp"

#include <httptest/error.hpp>
#include <httptest/redactor.hpp>

#include <openssl/evp.h>

#include <charconv>
#include <utility>

namespace httptest::wire {

namespace {

constexpr std::string_view scheme = "http://";

[[noreturn]] void refuseUrl(std::string_view setting, std::string const& why) {
    // The URL is not shown, as it may hold a password in a form that nothing recognises.
    throw Misconfigured("the proxy's URL (" + std::string(setting) + ") " + why +
                        "; expected http://[user:password@]host:port");
}

std::string percentDecode(std::string_view text, std::string_view setting) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            result.push_back(text[at]);
            continue;
        }
        unsigned value = 0;
        auto const digits = text.substr(at + 1, 2);
        if (digits.size() != 2 ||
            std::from_chars(digits.data(), digits.data() + 2, value, 16).ptr != digits.data() + 2) {
            refuseUrl(setting, "has user-info with a malformed %-escape");
        }
        result.push_back(static_cast<char>(value));
        at += 2;
    }
    return result;
}

std::string base64(std::string const& text) {
    std::string result(4 * ((text.size() + 2) / 3) + 1, '\0'); // OpenSSL appends a NUL
    auto const size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                        reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
    result.resize(static_cast<std::size_t>(size));
    return result;
}

/// `user:password` of RFC 7617 out of a URL's user-info.
Secret basic(std::string_view userInfo, std::string_view setting) {
    auto const colon = userInfo.find(':');
    auto const user = percentDecode(userInfo.substr(0, colon), setting);
    Secret const password(colon == std::string_view::npos ? std::string()
                                                          : percentDecode(userInfo.substr(colon + 1), setting));
    if (user.find(':') != std::string::npos) {
        refuseUrl(setting, "has a user name with a colon, which Basic authentication cannot carry");
    }
    std::string both = user + ':';
    both += password.reveal();
    Secret value("Basic " + base64(both));
    wipe(both);
    return value;
}

char const* remedyFor(int status) noexcept {
    switch (status) {
    case 407: return "it wants credentials: set proxy_url to http://user:password@host:port";
    case 403: return "it does not allow this target: ask for it, or reach the target without a proxy";
    case 405:
    case 501: return "it knows no CONNECT: is it a proxy?";
    case 502:
    case 503:
    case 504: return "it cannot reach the target";
    default: return "check proxy_url";
    }
}

} // namespace

Proxy::Proxy(std::string_view url, std::string_view setting) {
    if (!url.starts_with(scheme)) {
        refuseUrl(setting, url.starts_with("https://") ? "is https://, and TLS to the proxy itself is not supported"
                                                       : "does not begin with http://");
    }
    auto rest = url.substr(scheme.size());
    rest = rest.substr(0, rest.find('/'));
    if (rest.size() + scheme.size() + 1 < url.size()) {
        refuseUrl(setting, "has a path");
    }
    if (auto const at = rest.rfind('@'); at != std::string_view::npos) {
        authorization_ = basic(rest.substr(0, at), setting);
        rest.remove_prefix(at + 1);
    }
    auto const bracket = rest.rfind(']');
    if (rest.find(':', bracket == std::string_view::npos ? 0 : bracket) == std::string_view::npos) {
        refuseUrl(setting, "has no port");
    }
    try {
        url_ = Url::parse(std::string(scheme).append(rest));
    } catch (InvalidRequest const& malformed) {
        refuseUrl(setting, std::string("is malformed: ") + malformed.what());
    }
}

void Proxy::openTunnel(Connection& connection, Origin const& target, ReplyRules rules, Watch& watch) const {
    watch.enter(Phase::proxy);
    // With its port always, which authority() leaves out where it is the scheme's own.
    auto const host = target.host.find(':') == std::string::npos ? target.host : '[' + target.host + ']';
    auto const authority = host + ':' + std::to_string(target.port);
    RequestText request;
    request.head = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
    if (!authorization().empty()) {
        request.head.append("Proxy-Authorization: ").append(authorization()).append("\r\n");
    }
    request.head += "\r\n";
    rules.noBody = true;
    rules.speaker = "the proxy";
    auto const reply = connection.exchange(request, rules, watch);
    int const status = reply.response.status;
    if (status / 100 != 2) {
        refuse(status, "CONNECT " + authority, watch);
    }
    if (reply.surplus) {
        watch.fail<BadReply>("the proxy sent more than its reply to CONNECT");
    }
}

void Proxy::refuse(int status, std::string const& asked, Watch const& watch) const {
    throw ProxyRefused(status, watch.subject() + ": the proxy " + text() + " answered " + std::to_string(status) +
                                   " to " + asked + "; " + remedyFor(status));
}

} // namespace httptest::wire
