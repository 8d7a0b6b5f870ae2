#pragma once

#include <httptest/configuration.hpp>
#include <httptest/poco_transport.hpp>
#include <httptest/settings.hpp>
#include <httptest/url.hpp>

#include <vector>

namespace httptest::inline v1 {

/// @param configuration  Asked for the environment's proxies.
/// @param own            The harness's settings.
/// @param connection     An identity's.
TransportSettings transportSettings(Configuration const& configuration, Settings const& own,
                                    Settings const& connection);

/// The origins that get an identity's credentials, its base URL's first.
/// @throws Misconfigured
std::vector<Origin> tokenOrigins(Url const& baseUrl, Settings const& connection);

/// Whether two identities may use one transport, and so each other's connections.
bool shareTransport(Settings const& one, Settings const& other);

} // namespace httptest::v1
