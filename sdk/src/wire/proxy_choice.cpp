#include "wire/proxy_choice.hpp"

#include "wire/no_proxy.hpp"

namespace httptest::wire {

ProxyChoice::ProxyChoice(TransportSettings const& settings)
    : http_(settings.httpProxyUrl),
      https_(settings.httpsProxyUrl),
      any_(settings.anyProxyUrl),
      exempt_(settings.noProxy),
      configured_(settings.proxyUrl.empty() ? nullptr : std::make_unique<Proxy const>(settings.proxyUrl, "proxy_url")) {
}

Proxy const* ProxyChoice::of(Origin const& target) {
    std::string const& own = target.secure() ? https_ : http_;
    std::string const& url = own.empty() ? any_ : own;
    if ((!configured_ && url.empty()) || target.loopback() || exempts(exempt_, target)) {
        return nullptr;
    }
    if (configured_) {
        return configured_.get();
    }
    std::lock_guard const lock(mutex_);
    auto& proxy = fromEnvironment_[url];
    if (!proxy) {
        // In variables the scheme may be left out, and a slash may follow.
        std::string const full = (url.find("://") == std::string::npos ? "http://" : "") + url;
        proxy = std::make_unique<Proxy const>(full.ends_with('/') ? full.substr(0, full.size() - 1) : full,
                                              own.empty()       ? "all_proxy"
                                              : target.secure() ? "https_proxy"
                                                                : "http_proxy");
    }
    return proxy.get();
}

} // namespace httptest::wire
