#include "credentials/choose.hpp"

#include "credentials/cli_login.hpp"
#include "credentials/credential_command.hpp"
#include "credentials/external_token.hpp"
#include "credentials/ready_token.hpp"
#include "credentials/secret_credentials.hpp"
#include "credentials/setting_place.hpp"

#include <httptest/error.hpp>

#include <algorithm>
#include <string_view>

namespace runai {

namespace {

using httptest::Settings;
using httptest::Url;
using SharedClock = std::shared_ptr<httptest::Clock>;

constexpr std::string_view automatic = "auto";

struct Mode {
    std::string name;
    std::vector<std::string> keys;
    std::unique_ptr<CredentialSource> (*make)(Settings const&, Url const&, SharedClock const&);
};

std::vector<Mode> const& modes() {
    static std::vector<Mode> const all{
        {"client_credentials",
         {"client_id", "client_secret"},
         [](Settings const& settings, Url const&, SharedClock const&) { return clientCredentials(settings); }},
        {"app_token",
         {"app_id", "app_secret"},
         [](Settings const& settings, Url const&, SharedClock const&) { return appToken(settings); }},
        {"external_token_exchange",
         {"external_token"},
         [](Settings const& settings, Url const&, SharedClock const&) { return externalToken(settings); }},
        {"password",
         {"username", "password"},
         [](Settings const& settings, Url const&, SharedClock const&) { return userPassword(settings); }},
        {"token",
         {"token"},
         [](Settings const& settings, Url const&, SharedClock const&) { return readyToken(settings); }},
        {"cli",
         {"cli_config_path"},
         [](Settings const& settings, Url const& baseUrl, SharedClock const&) { return cliLogin(settings, baseUrl); }},
        {"credential_command",
         {"credential_command"},
         [](Settings const& settings, Url const&, SharedClock const& clock) {
             return credentialCommand(settings, clock);
         }},
    };
    return all;
}

Mode const& modeOf(std::string_view name) {
    return *std::find_if(modes().begin(), modes().end(), [&](Mode const& mode) { return mode.name == name; });
}

std::string given(Settings const& settings, std::vector<std::string> const& keys) {
    std::string text;
    for (std::string const& key : keys) {
        if (settings.has(key)) {
            text += (text.empty() ? "" : ", ") + keyAndWhere(settings, key);
        }
    }
    return text;
}

/// The modes of which something is configured.
std::vector<Mode const*> configured(Settings const& settings) {
    std::vector<Mode const*> found;
    bool const user = settings.has("username") || settings.has("password");
    for (Mode const& mode : modes()) {
        bool const any =
            std::any_of(mode.keys.begin(), mode.keys.end(), [&](auto const& key) { return settings.has(key); });
        // A client's id may stand beside a user's password.
        bool const usersClient = mode.name == "client_credentials" && user && !settings.has("client_secret");
        if (any && !usersClient) {
            found.push_back(&mode);
        }
    }
    // The tool's own variable: it says where a login would be, not that it is to be used before others.
    if (found.size() > 1) {
        std::erase_if(found, [](Mode const* mode) { return mode->name == "cli"; });
    }
    return found;
}

Mode const& follow(Settings const& settings) {
    std::vector<Mode const*> const found = configured(settings);
    if (found.empty()) {
        throw httptest::Misconfigured("no credentials: set client_id and client_secret, with " +
                                      settings.howToSet("client_id") + " and " + settings.howToSet("client_secret") +
                                      "; for control planes 2.18 and 2.19 app_id and app_secret, with " +
                                      settings.howToSet("app_id") + " and " + settings.howToSet("app_secret") +
                                      "; or a password, a token or what else the plugin's documentation lists");
    }
    if (found.size() > 1) {
        std::string sets;
        for (Mode const* const mode : found) {
            sets += (sets.empty() ? "" : " and ") + given(settings, mode->keys);
        }
        throw httptest::Misconfigured((found.size() == 2 ? "two" : std::to_string(found.size())) +
                                      " sets of credentials: " + sets + "; keep one of them, or choose one with " +
                                      settings.howToSet("credentials"));
    }
    return *found.front();
}

/// What is configured and serves another mode.
std::string unused(Settings const& settings, Mode const& chosen) {
    std::vector<std::string> keys;
    for (Mode const& mode : modes()) {
        for (std::string const& key : mode.keys) {
            bool const usersClient = chosen.name == "password" && key == "client_id";
            if (mode.name != chosen.name && !usersClient) {
                keys.push_back(key);
            }
        }
    }
    return given(settings, keys);
}

std::string foundWhere(Settings const& settings, Mode const& chosen) {
    std::vector<std::string> keys = chosen.keys;
    if (chosen.name == "password") {
        keys.emplace_back("client_id");
    }
    std::string const others = unused(settings, chosen);
    return given(settings, keys) + (others.empty() ? "" : "; not used: " + others);
}

} // namespace

Choice chooseCredentials(Settings const& settings, Url const& baseUrl, SharedClock const& clock) {
    std::string const& wanted = settings.text("credentials");
    Mode const& mode = wanted == automatic ? follow(settings) : modeOf(wanted);
    return {mode.make(settings, baseUrl, clock), foundWhere(settings, mode)};
}

std::vector<std::string> credentialModes() {
    std::vector<std::string> names{std::string(automatic)};
    for (Mode const& mode : modes()) {
        names.push_back(mode.name);
    }
    return names;
}

} // namespace runai
