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
        // In place of the harness's own, for the names that Run:ai's other tools have for it.
        {.key = "base_url",
         .kind = SettingKind::url,
         .description = "Address of the control plane.",
         .aliases = {"url", "ctrl_plane_url", "control_plane_url"}},
        {.key = "credentials",
         .kind = SettingKind::choice,
         .defaultValue = "auto",
         .description = "Which credentials to use, where several are set; 'auto' takes those that are.",
         .choices = credentialModes(),
         .credential = true},
        {.key = "client_id",
         .description = "Client id of an access key or a service account; beside a password the client that the user "
                        "logs in with.",
         .credential = true},
        {.key = "client_secret", .kind = SettingKind::secret, .description = "Its secret.", .credential = true},
        {.key = "app_id",
         .description = "Application id, in place of client_id: the only way into control planes 2.18 and 2.19.",
         .credential = true},
        {.key = "app_secret",
         .kind = SettingKind::secret,
         .description = "The application's secret.",
         .credential = true},
        {.key = "external_token",
         .kind = SettingKind::secret,
         .description = "JWT of an identity provider that the control plane trusts; exchanged at every login.",
         .credential = true},
        {.key = "username", .description = "Name of a user of the control plane's own.", .credential = true},
        {.key = "password", .kind = SettingKind::secret, .description = "The user's password.", .credential = true},
        {.key = "token",
         .kind = SettingKind::secret,
         .description = "A token that is ready; no login is made.",
         .credential = true},
        {.key = "cli_config_path",
         .kind = SettingKind::path,
         .description =
             "Folder in which the runai command-line tool keeps its login; ~/.runai where `credentials` is `cli`.",
         .credential = true},
        {.key = "credential_command",
         .description = "Program that prints credentials: a JSON array of its path and arguments.",
         .credential = true},
        {.key = "credential_command_timeout_ms",
         .kind = SettingKind::milliseconds,
         .defaultValue = "10000",
         .description = "How long that program may run.",
         .minimum = 1,
         .maximum = longestTimeout},
        {"token_api",
         SettingKind::choice,
         "auto",
         "Which token API to log in to: v1, v2, or v2 where it is there and otherwise v1.",
         {"auto", "v1", "v2"}},
        {"health_path", SettingKind::text, "/api/v1/clusters", "What `httptest doctor` asks for with the token.", {}},
    };
}

std::string Factory::version() const {
    return RUNAI_PLUGIN_VERSION;
}

std::unique_ptr<httptest::AuthProvider> Factory::create(httptest::ProviderContext const& context) const {
    auto source = std::make_unique<RunAiTokenSource>(context.baseUrl, context.settings, context.clock, processMemory());
    return std::make_unique<httptest::BearerAuthProvider>(std::move(source), context);
}

} // namespace runai
