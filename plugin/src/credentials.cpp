#include "credentials.hpp"

#include <httptest/error.hpp>

#include <array>
#include <string_view>

namespace runai {

namespace {

struct Pair {
    Grant grant;
    char const* id;
    char const* secret;
};

constexpr Pair clientPair{Grant::clientCredentials, "client_id", "client_secret"};
constexpr Pair appPair{Grant::appToken, "app_id", "app_secret"};

bool anyOf(httptest::Settings const& settings, Pair const& pair) {
    return settings.has(pair.id) || settings.has(pair.secret);
}

std::string keyAndWhere(httptest::Settings const& settings, char const* key) {
    return std::string(key) + " (" + shortWhere(settings.where(key)) + ")";
}

/// The settings of a pair that are there, one at least.
std::string given(httptest::Settings const& settings, Pair const& pair) {
    if (!settings.has(pair.id) || !settings.has(pair.secret)) {
        return keyAndWhere(settings, settings.has(pair.id) ? pair.id : pair.secret);
    }
    return keyAndWhere(settings, pair.id) + ", " + keyAndWhere(settings, pair.secret);
}

Credentials take(httptest::Settings const& settings, Pair const& pair) {
    for (auto const& [present, missing] : {std::array{pair.id, pair.secret}, std::array{pair.secret, pair.id}}) {
        if (!settings.has(missing)) {
            throw httptest::Misconfigured(keyAndWhere(settings, present) + " is set without " + missing + ": set " +
                                          settings.howToSet(missing) + " too");
        }
    }
    return {pair.grant, settings.text(pair.id), settings.where(pair.id), settings.secret(pair.secret)};
}

} // namespace

Credentials Credentials::from(httptest::Settings const& settings) {
    bool const client = anyOf(settings, clientPair);
    bool const app = anyOf(settings, appPair);
    if (client && app) {
        throw httptest::Misconfigured("two sets of credentials: " + given(settings, clientPair) + " and " +
                                      given(settings, appPair) + "; keep one of them");
    }
    if (!client && !app) {
        throw httptest::Misconfigured("no credentials: set client_id and client_secret, with " +
                                      settings.howToSet("client_id") + " and " + settings.howToSet("client_secret") +
                                      "; for control planes 2.18 and 2.19 app_id and app_secret, with " +
                                      settings.howToSet("app_id") + " and " + settings.howToSet("app_secret"));
    }
    return take(settings, client ? clientPair : appPair);
}

std::string shortWhere(std::string const& where) {
    constexpr std::string_view variable = "environment variable ";
    return where.starts_with(variable) ? where.substr(variable.size()) : where;
}

} // namespace runai
