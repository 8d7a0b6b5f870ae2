#include "credentials/setting_place.hpp"

#include <string_view>

namespace runai {

std::string shortWhere(std::string const& where) {
    constexpr std::string_view variable = "environment variable ";
    return where.starts_with(variable) ? where.substr(variable.size()) : where;
}

std::string keyAndWhere(httptest::Settings const& settings, std::string const& key) {
    return key + " (" + shortWhere(settings.where(key)) + ")";
}

} // namespace runai
