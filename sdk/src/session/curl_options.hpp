#pragma once

#include <httptest/configuration.hpp>
#include <httptest/exchange_record.hpp>
#include <httptest/settings.hpp>
#include <httptest/url.hpp>

namespace httptest::inline v1 {

/// What curl has to be told to reach `base` as the transport does. Proxies of the environment it finds by itself.
CurlOptions curlOptions(Configuration const& configuration, Settings const& connection, Origin const& base);

} // namespace httptest::v1
