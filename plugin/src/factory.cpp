#include "factory.hpp"

#include "run_ai_token_source.hpp"
#include "token_api_choice.hpp"

#include <httptest/bearer_auth_provider.hpp>
#include <httptest/settings.hpp>

namespace runai {

namespace {

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
        {.key = "client_id", .description = "Client id of an access key or a service account.", .credential = true},
        {.key = "client_secret", .kind = SettingKind::secret, .description = "Its secret.", .credential = true},
        {.key = "app_id",
         .description = "Application id, in place of client_id: the only way into control planes 2.18 and 2.19.",
         .credential = true},
        {.key = "app_secret",
         .kind = SettingKind::secret,
         .description = "The application's secret.",
         .credential = true},
        {"token_api",
         SettingKind::choice,
         "auto",
         "Which token API to log in to: v1, v2, or v2 where it is there and otherwise v1.",
         {"auto", "v1", "v2"}},
    };
}

std::unique_ptr<httptest::AuthProvider> Factory::create(httptest::ProviderContext const& context) const {
    auto source = std::make_unique<RunAiTokenSource>(context.baseUrl, context.settings, processMemory());
    return std::make_unique<httptest::BearerAuthProvider>(std::move(source), context);
}

} // namespace runai
