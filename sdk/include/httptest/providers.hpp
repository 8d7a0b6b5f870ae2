#pragma once

#include <httptest/abi.hpp>
#include <httptest/auth_provider.hpp>
#include <httptest/clock.hpp>
#include <httptest/settings.hpp>
#include <httptest/token_cache.hpp>
#include <httptest/transport.hpp>
#include <httptest/url.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// What a provider is made from. The references outlive the call, the shared parts the provider.
struct ProviderContext {
    std::string provider; ///< The factory's name.
    std::string identity; ///< Whose credentials; "default" unless named otherwise.
    Url baseUrl;
    Settings const& settings; ///< The factory's section.
    std::shared_ptr<Transport> transport;
    std::shared_ptr<Clock> clock;
    TokenPolicy policy;
    AuthEventSink events;
    std::shared_ptr<TokenStore> store = nullptr; ///< Where logins are shared; null for nowhere.
};

/// Makes auth providers of one kind; what a plugin's library exports (see plugin.hpp) or a suite registers in code.
class HTTPTEST_API ProviderFactory {
public:
    virtual ~ProviderFactory();

    /// Lower-case letters, digits and '_'; also names the section of its settings and the prefix of their variables.
    virtual std::string name() const = 0;

    /// The settings it reads besides the connection settings that every provider has (base_url, ca_file, …).
    virtual std::vector<SettingSpec> settings() const = 0;

    /// Makes a provider; does not log in yet.
    /// @throws Misconfigured
    virtual std::unique_ptr<AuthProvider> create(ProviderContext const& context) const = 0;

    /// Of the plugin, for reports; empty where it has none.
    virtual std::string version() const { return {}; }
};

/// A plugin's library as it lies in the search path.
struct PluginFile {
    std::string name; ///< Of its provider, as the file's name says.
    std::string file = {};
    std::string marker = {};  ///< Its binary interface: "abi=1 cxx11_abi=1 debug=0 poco=0x010B0000"; empty without one.
    std::string problem = {}; ///< Why it cannot be used; empty where it can.
    bool shadowed = false;    ///< Another one of this name comes earlier in the search path.
};

/// Providers by name: from plugins' libraries, or registered in code. Thread-safe.
///
/// A name is looked for among the registered ones, then as `libhttptest-<name>.so` in the folders of
/// HTTPTEST_PLUGIN_PATH (separated by ':'), then beside the SDK's own library and in its folder `httptest-plugins`.
/// A library is never unloaded.
class HTTPTEST_API Providers {
public:
    /// `pluginPath` as in HTTPTEST_PLUGIN_PATH.
    explicit Providers(std::string pluginPath = {});
    ~Providers();
    Providers(Providers const&) = delete;
    Providers& operator=(Providers const&) = delete;

    /// Registers a factory; it wins over a library of the same name.
    void add(std::shared_ptr<ProviderFactory const> factory);

    /// The factory of this name.
    /// @throws PluginError  Not found, or its library is not usable: names the file, the search path and the remedy.
    std::shared_ptr<ProviderFactory const> find(std::string_view name);

    /// The libraries of the search path, in its order, those that cannot be used included. Loads each that can, since
    /// nothing else tells.
    std::vector<PluginFile> libraries();

    /// The library that `find` would load for this name; an empty file for a registered provider, or for none.
    PluginFile library(std::string_view name) const;

    /// Whether `find` would have a factory or a library of this name; loads none.
    bool knows(std::string_view name) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace httptest::v1
