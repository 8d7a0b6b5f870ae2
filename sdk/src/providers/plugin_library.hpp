#pragma once

#include <httptest/providers.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace httptest::inline v1 {

/// The marker of a plugin's binary interface without its prefix; empty where the file has none or cannot be read.
std::string pluginMarker(std::filesystem::path const& file);

/// Loads a plugin's library, which is never unloaded, and makes its factory.
///
/// The marker of its binary interface is read from the file before the library is mapped: afterwards is too late, an
/// incompatible one has then already pulled in a second SDK or failed over an unrelated symbol.
/// @throws PluginError  Names the file, what is wrong with it and the remedy.
std::shared_ptr<ProviderFactory const> loadPlugin(std::filesystem::path const& file, std::string const& expectedName);

} // namespace httptest::v1
