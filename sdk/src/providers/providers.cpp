#include "providers/plugin_library.hpp"

#include <httptest/error.hpp>
#include <httptest/providers.hpp>

#include <dlfcn.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <utility>

namespace httptest::inline v1 {

namespace {

/// The folder of the SDK's own library, wherever it was moved to. A compiled-in one would break packages.
std::filesystem::path ownFolder() {
    Dl_info info{};
    if (::dladdr(reinterpret_cast<void const*>(&ownFolder), &info) == 0 || info.dli_fname == nullptr) {
        return {};
    }
    return std::filesystem::absolute(info.dli_fname).parent_path();
}

bool isName(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::string fileNameOf(std::string_view name) {
    return std::string("libhttptest-").append(name).append(".so");
}

std::vector<std::filesystem::path> searchedFolders(std::string_view pluginPath) {
    std::vector<std::filesystem::path> folders;
    while (!pluginPath.empty()) {
        std::string_view const folder = pluginPath.substr(0, pluginPath.find(':'));
        if (!folder.empty()) {
            folders.push_back(std::filesystem::absolute(folder));
        }
        pluginPath.remove_prefix(std::min(folder.size() + 1, pluginPath.size()));
    }
    if (std::filesystem::path const own = ownFolder(); !own.empty()) {
        folders.push_back(own);
        folders.push_back(own / "httptest-plugins");
    }
    return folders;
}

} // namespace

ProviderFactory::~ProviderFactory() = default;

class Providers::Impl {
public:
    explicit Impl(std::string pluginPath) : pluginPath_(std::move(pluginPath)) {}

    void add(std::shared_ptr<ProviderFactory const> factory) {
        if (!factory) {
            throw Misconfigured("a null pointer is no provider factory");
        }
        std::string name = factory->name();
        if (!isName(name)) {
            throw Misconfigured("'" + name + "' is no name for a provider: use lower-case letters, digits and '_'");
        }
        std::lock_guard const lock(mutex_);
        factories_.insert_or_assign(std::move(name), std::move(factory));
    }

    std::shared_ptr<ProviderFactory const> find(std::string_view name) {
        std::lock_guard const lock(mutex_);
        auto const found = factories_.find(name);
        if (found != factories_.end()) {
            return found->second;
        }
        std::shared_ptr<ProviderFactory const> factory = load(std::string(name));
        factories_.emplace(name, factory);
        return factory;
    }

    bool knows(std::string_view name) {
        std::lock_guard const lock(mutex_);
        if (factories_.find(name) != factories_.end()) {
            return true;
        }
        auto const folders = searchedFolders(pluginPath_);
        return isName(name) && std::any_of(folders.begin(), folders.end(), [&](std::filesystem::path const& folder) {
                   std::error_code ignored;
                   return std::filesystem::exists(folder / fileNameOf(name), ignored);
               });
    }

private:
    std::shared_ptr<ProviderFactory const> load(std::string const& name) const {
        if (!isName(name)) {
            throw PluginError("'" + name + "' is no name of an auth provider: use lower-case letters, digits and '_'");
        }
        std::string const fileName = fileNameOf(name);
        std::string searched;
        for (std::filesystem::path const& folder : searchedFolders(pluginPath_)) {
            std::filesystem::path const file = folder / fileName;
            std::error_code ignored;
            if (std::filesystem::exists(file, ignored)) {
                return loadPlugin(file, name);
            }
            searched.append("\n  ").append(file.string());
        }
        throw PluginError("no auth provider '" + name +
                          "': none is registered in code, and none of these files exists:" + searched +
                          "\nInstall the plugin beside the SDK, or set HTTPTEST_PLUGIN_PATH to its folder" +
                          (pluginPath_.empty() ? "" : " (now '" + pluginPath_ + "')"));
    }

    std::string const pluginPath_;
    std::mutex mutex_; // guards factories_
    std::map<std::string, std::shared_ptr<ProviderFactory const>, std::less<>> factories_;
};

Providers::Providers(std::string pluginPath) : impl_(std::make_unique<Impl>(std::move(pluginPath))) {}
Providers::~Providers() = default;

void Providers::add(std::shared_ptr<ProviderFactory const> factory) {
    impl_->add(std::move(factory));
}

bool Providers::knows(std::string_view name) const {
    return impl_->knows(name);
}

std::shared_ptr<ProviderFactory const> Providers::find(std::string_view name) {
    return impl_->find(name);
}

} // namespace httptest::v1
