#pragma once

#include <httptest/settings.hpp>

#include <string>

namespace runai {

/// How error texts name the place of a setting: an environment variable's name speaks for itself.
std::string shortWhere(std::string const& where);

/// "client_id (RUNAI_CLIENT_ID)": a setting and its place, without its value.
std::string keyAndWhere(httptest::Settings const& settings, std::string const& key);

} // namespace runai
