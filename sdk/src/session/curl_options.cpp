#include "session/curl_options.hpp"

#include "report/shell_line.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace httptest::inline v1 {

namespace {

bool environmentHasProxy(Configuration const& configuration) {
    static constexpr std::array names{"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    return std::any_of(names.begin(), names.end(),
                       [&](char const* name) { return !configuration.environmentVariable(name).empty(); });
}

/// "http://user:password@host:port" without what stands before the host.
std::string withoutUserInfo(std::string url) {
    auto const begin = url.find("://") + 3;
    auto const at = url.rfind('@');
    return at == std::string::npos || at < begin ? url : url.erase(begin, at + 1 - begin);
}

} // namespace

CurlOptions curlOptions(Configuration const& configuration, Settings const& connection, Origin const& base) {
    CurlOptions curl;
    auto const add = [&curl](char const* option, std::string_view value) {
        curl.options.append(" ").append(option).append(" ").append(shellWord(value));
    };
    auto const addPath = [&](char const* option, char const* key) {
        if (connection.has(key)) {
            add(option, connection.text(key));
        }
    };
    addPath("--cacert", "ca_file");
    addPath("--capath", "ca_path");
    addPath("--cert", "client_certificate_file");
    addPath("--key", "client_key_file");
    if (connection.text("tls_min_version") == "1.3") {
        curl.options += " --tlsv1.3";
    }
    bool const ownProxy = connection.has("proxy_url");
    if (base.loopback()) {
        if (ownProxy || environmentHasProxy(configuration)) {
            add("--noproxy", "*");
        }
        return curl;
    }
    if (ownProxy) {
        std::string const url = connection.secretUrl("proxy_url");
        std::string const shown = withoutUserInfo(url);
        add("--proxy", shown);
        curl.leftOut = shown == url ? "" : "the proxy's credentials";
    }
    if (connection.has("no_proxy")) {
        add("--noproxy", connection.text("no_proxy"));
    }
    return curl;
}

} // namespace httptest::v1
