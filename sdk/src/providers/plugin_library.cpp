#include "providers/plugin_library.hpp"

#include <httptest/error.hpp>
#include <httptest/plugin.hpp>

#include <Poco/ClassLoader.h>
#include <Poco/Exception.h>
#include <Poco/Manifest.h>
#include <Poco/MetaObject.h>

#include <dlfcn.h>

#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>
#include <typeinfo>
#include <utility>
#include <vector>

namespace httptest::inline v1 {

namespace {

constexpr std::string_view ownMarker = HTTPTEST_PLUGIN_MARKER;
constexpr std::string_view markerStart = "httptest-plugin abi=";
constexpr std::size_t longestMarker = 200;
/// "0x010B" of "0x010B0000": Poco keeps its binary interface within a minor version.
constexpr std::size_t pocoDigitsCompared = 6;

[[noreturn]] void refuse(std::filesystem::path const& file, std::string const& why) {
    throw PluginError("cannot use plugin " + file.string() + ": " + why);
}

std::optional<std::string> markerOf(std::filesystem::path const& file) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) {
        refuse(file, "it is no regular file; remove it, or put the plugin's library in its place");
    }
    std::ifstream stream(file, std::ios::binary);
    if (!stream.is_open()) {
        refuse(file, "the file cannot be read; check its permissions");
    }
    std::error_code unknown;
    auto const size = std::filesystem::file_size(file, unknown);
    std::string bytes(unknown ? 0 : static_cast<std::size_t>(size), '\0');
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(stream.gcount()));
    auto const begin = bytes.find(markerStart);
    if (begin == std::string::npos) {
        return std::nullopt;
    }
    auto const end = bytes.find(';', begin);
    return bytes.substr(begin, std::min(end == std::string::npos ? longestMarker : end + 1 - begin, longestMarker));
}

/// The value of `name=value` in a marker.
std::string_view field(std::string_view marker, std::string_view name) {
    auto const begin = marker.find(std::string(" ").append(name).append("="));
    if (begin == std::string_view::npos) {
        return {};
    }
    std::string_view const value = marker.substr(begin + name.size() + 2);
    return value.substr(0, value.find_first_of(" ;"));
}

void requireCompatible(std::filesystem::path const& file) {
    std::optional<std::string> const marker = markerOf(file);
    if (!marker) {
        refuse(file,
               "it carries no httptest plugin marker, so it is no plugin of this SDK (a plugin's source says "
               "HTTPTEST_PLUGIN(Factory) once); is it the right file?");
    }
    auto const requireSame = [&](std::string_view name, std::string_view meaning, std::string_view remedy) {
        std::string const theirs(field(*marker, name));
        std::string const ours(field(ownMarker, name));
        if (theirs != ours) {
            refuse(file, "it was built for " + std::string(meaning) + " " + theirs + ", this SDK is " + ours + "; " +
                             std::string(remedy));
        }
    };
    requireSame("abi", "SDK binary interface",
                "rebuild the plugin with this SDK's headers, or install the matching release");
    requireSame("debug", "_GLIBCXX_DEBUG", "build both with or both without _GLIBCXX_DEBUG");
    requireSame("cxx11_abi", "_GLIBCXX_USE_CXX11_ABI", "build both with the same value");
    std::string_view const theirPoco = field(*marker, "poco");
    std::string_view const ourPoco = field(ownMarker, "poco");
    if (theirPoco != "none" && theirPoco.substr(0, pocoDigitsCompared) != ourPoco.substr(0, pocoDigitsCompared)) {
        refuse(file, "it was built with Poco " + std::string(theirPoco) + ", this SDK with " + std::string(ourPoco) +
                         "; rebuild it with the same Poco");
    }
}

/// Poco's loader binds lazily, so that a missing symbol would kill the process at its first call. Binding everything
/// now turns that into an error. The handle is kept: nothing is ever unloaded.
void bindNow(std::filesystem::path const& file) {
    if (::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr) {
        char const* const reason = ::dlerror(); // NOLINT(concurrency-mt-unsafe): glibc keeps it per thread
        refuse(file, std::string("the dynamic loader refuses it: ") + (reason != nullptr ? reason : "no reason given") +
                         "; link plugins with -Wl,--no-undefined to find this at build time");
    }
}

using Loader = Poco::ClassLoader<ProviderFactory>;

Loader& loader() {
    // Never destroyed: a provider's code must outlive every provider.
    static Loader* const instance = new Loader();
    return *instance;
}

class FactoryEntry final : public Poco::AbstractMetaObject<ProviderFactory> {
public:
    FactoryEntry(char const* name, ProviderFactory* (*maker)()) : AbstractMetaObject(name), create_(maker) {}

    ProviderFactory* create() const override { return create_(); }
    ProviderFactory& instance() const override { throw Poco::InvalidAccessException("a factory is no singleton"); }
    bool canCreate() const override { return true; }

private:
    ProviderFactory* (*create_)();
};

/// Runs a plugin's code; what it throws that is none of ours becomes an error that names the file.
template <class Call>
auto guarded(std::filesystem::path const& file, char const* what, Call call) {
    try {
        return call();
    } catch (Error const&) {
        throw;
    } catch (std::exception const& error) {
        refuse(file, std::string(what) + " threw: " + error.what() + "; this is a fault of the plugin");
    } catch (...) {
        refuse(file, std::string(what) + " threw something that is no std::exception; this is a fault of the plugin");
    }
}

std::unique_ptr<ProviderFactory> createFrom(std::filesystem::path const& file) {
    Loader::Manif const* manifest = nullptr;
    try {
        loader().loadLibrary(file.string());
        manifest = loader().findManifest(file.string());
    } catch (Poco::LibraryLoadException const& error) {
        refuse(file, "Poco's class loader refuses it: " + error.displayText() +
                         "; its source must say HTTPTEST_PLUGIN(Factory) once, and be built with this SDK's compiler "
                         "and Poco");
    }
    if (manifest == nullptr || manifest->begin() == manifest->end()) {
        refuse(file, "it exports no factory; its source must say HTTPTEST_PLUGIN(Factory)");
    }
    return guarded(file, "its factory's constructor",
                   [&] { return std::unique_ptr<ProviderFactory>(manifest->begin()->create()); });
}

/// A plugin's factory, whose errors name the plugin's file.
class PluginFactory final : public ProviderFactory {
public:
    explicit PluginFactory(std::filesystem::path file) : file_(std::move(file)), factory_(createFrom(file_)) {}

    std::string name() const override {
        return guarded(file_, "its factory's name()", [this] { return factory_->name(); });
    }

    std::vector<SettingSpec> settings() const override {
        return guarded(file_, "its factory's settings()", [this] { return factory_->settings(); });
    }

    std::unique_ptr<AuthProvider> create(ProviderContext const& context) const override {
        auto provider = guarded(file_, "its factory's create()", [&] { return factory_->create(context); });
        if (!provider) {
            refuse(file_, "its factory's create() made no provider; this is a fault of the plugin");
        }
        return provider;
    }

    std::string version() const override {
        return guarded(file_, "its factory's version()", [this] { return factory_->version(); });
    }

private:
    std::filesystem::path file_;
    std::unique_ptr<ProviderFactory> factory_;
};

} // namespace

bool enterIntoManifest(Poco::ManifestBase* manifest, char const* className, ProviderFactory* (*create)()) {
    if (std::string_view(manifest->className()) != typeid(Loader::Manif).name()) {
        return false;
    }
    return static_cast<Loader::Manif*>(manifest)->insert(new FactoryEntry(className, create));
}

std::string pluginMarker(std::filesystem::path const& file) {
    try {
        std::string const marker = markerOf(file).value_or("");
        auto const begin = marker.find(' ');
        return begin == std::string::npos ? "" : marker.substr(begin + 1, marker.find(';') - begin - 1);
    } catch (PluginError const&) {
        return {};
    }
}

std::shared_ptr<ProviderFactory const> loadPlugin(std::filesystem::path const& file, std::string const& expectedName) {
    requireCompatible(file);
    bindNow(file);
    auto factory = std::make_shared<PluginFactory const>(file);
    std::string const name = factory->name();
    if (name != expectedName) {
        refuse(file, "its provider is called '" + name + "', its file's name says '" + expectedName + "'; rename one");
    }
    return factory;
}

} // namespace httptest::v1
