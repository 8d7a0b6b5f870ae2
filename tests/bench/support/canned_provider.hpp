#pragma once

#include <httptest/harness.hpp>

#include <memory>
#include <string>

namespace httptest::bench {

/// A token of the length of a real one.
std::string makeToken();

/// A source whose login costs nothing: `makeToken()`, good for an hour.
std::unique_ptr<TokenSource> cannedSource();

/// A provider registered in code: the SDK's BearerAuthProvider over the canned source.
std::shared_ptr<ProviderFactory const> cannedFactory();

/// Options for a harness with the canned provider. @param caFile  May be empty.
HarnessOptions cannedOptions(std::string const& baseUrl, std::string const& caFile);

} // namespace httptest::bench
