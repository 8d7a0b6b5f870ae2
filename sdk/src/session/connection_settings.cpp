#include "session/connection_settings.hpp"

#include "config/user_info.hpp"

#include <httptest/error.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

namespace httptest::inline v1 {

namespace {

/// Of the first of these that is set and not empty.
std::string variableOf(Configuration const& configuration, std::initializer_list<char const*> names) {
    for (char const* const name : names) {
        if (std::string value = configuration.environmentVariable(name); !value.empty()) {
            return value;
        }
    }
    return {};
}

std::string proxyOf(Configuration const& configuration, std::initializer_list<char const*> names) {
    std::string url = variableOf(configuration, names);
    keepUserInfoOutOfOutput(url);
    return url;
}

} // namespace

TransportSettings transportSettings(Configuration const& configuration, Settings const& own,
                                    Settings const& connection) {
    auto const text = [&](char const* key) { return connection.has(key) ? connection.text(key) : std::string(); };
    auto const size = [&](char const* key) { return static_cast<std::size_t>(own.integer(key)); };
    TransportSettings settings;
    settings.tls.caFile = text("ca_file");
    settings.tls.certificateFile = text("client_certificate_file");
    settings.tls.caPath = text("ca_path");
    settings.tls.keyFile = text("client_key_file");
    if (connection.has("client_key_passphrase")) {
        settings.tls.keyPassphrase = connection.secret("client_key_passphrase");
    }
    settings.tls.minimumVersion = connection.text("tls_min_version") == "1.3" ? TlsVersion::tls13 : TlsVersion::tls12;
    settings.tls.verify = !connection.boolean("insecure_skip_verify");
    settings.proxyUrl = connection.has("proxy_url") ? connection.secretUrl("proxy_url") : "";
    // In lower case alone: a CGI program gets a request's header `Proxy` as HTTP_PROXY (as curl does; CVE-2016-5385).
    settings.httpProxyUrl = proxyOf(configuration, {"http_proxy"});
    settings.httpsProxyUrl = proxyOf(configuration, {"https_proxy", "HTTPS_PROXY"});
    settings.anyProxyUrl = proxyOf(configuration, {"all_proxy", "ALL_PROXY"});
    settings.noProxy =
        connection.has("no_proxy") ? text("no_proxy") : variableOf(configuration, {"no_proxy", "NO_PROXY"});
    settings.limits.connectTimeout = own.milliseconds("connect_timeout_ms");
    settings.limits.tlsTimeout = own.milliseconds("tls_timeout_ms");
    settings.limits.exchangeTimeout = own.milliseconds("exchange_timeout_ms");
    settings.limits.idleTimeout = own.milliseconds("idle_timeout_ms");
    settings.limits.idleConnections = size("idle_connections");
    settings.limits.headerBytes = size("max_header_bytes");
    settings.limits.headerFields = size("max_header_fields");
    settings.limits.bodyBytes = size("max_body_bytes");
    return settings;
}

std::vector<Origin> tokenOrigins(Url const& baseUrl, Settings const& connection) {
    std::vector<Origin> origins = {baseUrl.origin};
    std::string_view list = connection.has("token_origins") ? std::string_view(connection.text("token_origins")) : "";
    while (!list.empty()) {
        auto const begin = list.find_first_not_of(", ");
        if (begin == std::string_view::npos) {
            break;
        }
        std::string_view const entry = list.substr(begin, list.find_first_of(", ", begin) - begin);
        try {
            Url const url = Url::parse(entry);
            if (url.target != "/") {
                throw InvalidRequest("an origin has no path");
            }
            origins.push_back(url.origin);
        } catch (InvalidRequest const& error) {
            throw Misconfigured(connection.where("token_origins") + ": " + error.what());
        }
        list.remove_prefix(begin + entry.size());
    }
    return origins;
}

bool shareTransport(Settings const& one, Settings const& other) {
    static constexpr std::array keys{"ca_file",
                                     "ca_path",
                                     "client_certificate_file",
                                     "client_key_file",
                                     "client_key_passphrase",
                                     "insecure_skip_verify",
                                     "tls_min_version",
                                     "proxy_url",
                                     "no_proxy"};
    return std::all_of(keys.begin(), keys.end(), [&](char const* key) { return one.agree(key, other); });
}

} // namespace httptest::v1
