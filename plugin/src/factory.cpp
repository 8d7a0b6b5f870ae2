#include "factory.hpp"

#include "credentials/choose.hpp"
#include "run_ai_token_source.hpp"
#include "token_api_choice.hpp"

#include <httptest/bearer_auth_provider.hpp>
#include <httptest/settings.hpp>

#include <cstdint>

namespace runai {

namespace {

constexpr std::int64_t longestTimeout = std::int64_t{3600} * 1000;

/// One for the process, since a harness for each suite would otherwise search anew. Sources hold what they use of it,
/// so that it may end before them.
TokenApiMemory& processMemory() {
    static TokenApiMemory memory;
    return memory;
}

} // namespace

std::string Factory::name() const {
    return "runai";
}

std::vector<httptest::SettingSpec> Factory::settings() const {
    using httptest::SettingKind;
    return {
        {"credentials", SettingKind::choice, "auto",
         "Which credentials to use, where several are set; 'auto' takes those that are.", credentialModes()},
        {"client_id",
         SettingKind::text,
         "",
         "Client id of an access key or a service account; beside a password the client that the user logs in with.",
         {}},
        {"client_secret", SettingKind::secret, "", "Its secret.", {}},
        {"app_id",
         SettingKind::text,
         "",
         "Application id, in place of client_id: the only way into control planes 2.18 and 2.19.",
         {}},
        {"app_secret", SettingKind::secret, "", "The application's secret.", {}},
        {"external_token",
         SettingKind::secret,
         "",
         "JWT of an identity provider that the control plane trusts; exchanged at every login.",
         {}},
        {"username", SettingKind::text, "", "Name of a user of the control plane's own.", {}},
        {"password", SettingKind::secret, "", "The user's password.", {}},
        {"token", SettingKind::secret, "", "A token that is ready; no login is made.", {}},
        {"cli_config_path",
         SettingKind::path,
         "",
         "Folder in which the runai command-line tool keeps its login; ~/.runai where `credentials` is `cli`.",
         {}},
        {"credential_command",
         SettingKind::text,
         "",
         "Program that prints credentials: a JSON array of its path and arguments.",
         {}},
        {"credential_command_timeout_ms",
         SettingKind::milliseconds,
         "10000",
         "How long that program may run.",
         {},
         1,
         longestTimeout},
        {"token_api",
         SettingKind::choice,
         "auto",
         "Which token API to log in to: v1, v2, or v2 where it is there and otherwise v1.",
         {"auto", "v1", "v2"}},
        {"health_path", SettingKind::text, "/api/v1/clusters", "What `httptest doctor` asks for with the token.", {}},
    };
}

std::unique_ptr<httptest::AuthProvider> Factory::create(httptest::ProviderContext const& context) const {
    auto source = std::make_unique<RunAiTokenSource>(context.baseUrl, context.settings, processMemory());
    return std::make_unique<httptest::BearerAuthProvider>(std::move(source), context);
}

} // namespace runai
