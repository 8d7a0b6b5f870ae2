#pragma once

#include <httptest/abi.hpp>
#include <httptest/providers.hpp>

#include <string>

#if __has_include(<Poco/Version.h>)
#include <Poco/Version.h>
#endif

namespace Poco {
class ManifestBase;
}

namespace httptest::inline v1 {

/// Enters a factory into the manifest that Poco::ClassLoader hands to a library; used by HTTPTEST_PLUGIN alone.
HTTPTEST_API bool enterIntoManifest(Poco::ManifestBase* manifest, char const* className, ProviderFactory* (*create)());

} // namespace httptest::v1

#define HTTPTEST_DETAIL_TEXT2(x) #x
#define HTTPTEST_DETAIL_TEXT(x) HTTPTEST_DETAIL_TEXT2(x)

#if defined(_GLIBCXX_DEBUG)
#define HTTPTEST_DETAIL_DEBUG "1"
#else
#define HTTPTEST_DETAIL_DEBUG "0"
#endif

#if defined(POCO_VERSION)
#define HTTPTEST_DETAIL_POCO HTTPTEST_DETAIL_TEXT(POCO_VERSION)
#else
#define HTTPTEST_DETAIL_POCO "none"
#endif

/// What the loader reads from a plugin's file before it loads it: an incompatible library must not be mapped at all.
#define HTTPTEST_PLUGIN_MARKER                                                                    \
    "httptest-plugin abi=" HTTPTEST_DETAIL_TEXT(HTTPTEST_ABI) " cxx11_abi=" HTTPTEST_DETAIL_TEXT( \
        _GLIBCXX_USE_CXX11_ABI) " debug=" HTTPTEST_DETAIL_DEBUG " poco=" HTTPTEST_DETAIL_POCO ";"

/// Exports `Factory`, a default-constructible ProviderFactory, from this library. Once in a library, at namespace scope.
#define HTTPTEST_PLUGIN(Factory)                                                                  \
    __attribute__((used)) static char const httptestPluginMarker[] = HTTPTEST_PLUGIN_MARKER;      \
    extern "C" HTTPTEST_API bool pocoBuildManifest(Poco::ManifestBase* manifest);                 \
    extern "C" HTTPTEST_API bool pocoBuildManifest(Poco::ManifestBase* manifest) {                \
        return ::httptest::enterIntoManifest(                                                     \
            manifest, #Factory, +[]() -> ::httptest::ProviderFactory* { return new Factory(); }); \
    }                                                                                             \
    static_assert(true)
