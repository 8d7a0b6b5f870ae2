#include "providers/plugin_library.hpp"

#include <httptest/error.hpp>
#include <httptest/providers.hpp>

#include <dlfcn.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
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

constexpr std::string_view filePrefix = "libhttptest-";
constexpr std::string_view fileSuffix = ".so";

/// Empty where the file is no plugin's by its name.
std::string nameOf(std::filesystem::path const& file) {
    std::string const text = file.filename().string();
    bool const fits = text.size() > filePrefix.size() + fileSuffix.size() && text.starts_with(filePrefix) &&
                      text.ends_with(fileSuffix);
    std::string name = fits ? text.substr(filePrefix.size(), text.size() - filePrefix.size() - fileSuffix.size()) : "";
    return isName(name) ? name : "";
}

/// By name, so that listings do not depend on the file system.
std::vector<std::filesystem::path> pluginsIn(std::filesystem::path const& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (!nameOf(entry->path()).empty()) {
            files.push_back(entry->path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
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
        registered_.insert(name);
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

    std::vector<PluginFile> libraries() {
        std::vector<PluginFile> found;
        for (std::filesystem::path const& folder : searchedFolders(pluginPath_)) {
            for (std::filesystem::path const& file : pluginsIn(folder)) {
                PluginFile plugin{nameOf(file), file.string(), pluginMarker(file)};
                plugin.shadowed = std::any_of(found.begin(), found.end(),
                                              [&](PluginFile const& other) { return other.name == plugin.name; });
                try {
                    loadPlugin(file, plugin.name);
                } catch (Error const& error) {
                    plugin.problem = error.what();
                }
                found.push_back(std::move(plugin));
            }
        }
        return found;
    }

    PluginFile library(std::string const& name) {
        std::lock_guard const lock(mutex_);
        for (std::filesystem::path const& folder : searchedFolders(pluginPath_)) {
            std::filesystem::path const file = folder / fileNameOf(name);
            std::error_code ignored;
            if (registered_.count(name) == 0 && std::filesystem::exists(file, ignored)) {
                return {name, file.string(), pluginMarker(file)};
            }
        }
        return {name};
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
        std::string searched;
        for (std::filesystem::path const& folder : searchedFolders(pluginPath_)) {
            std::filesystem::path const file = folder / fileNameOf(name);
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
    std::mutex mutex_;                              // guards the two below
    std::set<std::string, std::less<>> registered_; ///< The names of those that come from no library.
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

std::vector<PluginFile> Providers::libraries() {
    return impl_->libraries();
}

PluginFile Providers::library(std::string_view name) const {
    return impl_->library(std::string(name));
}

} // namespace httptest::v1
