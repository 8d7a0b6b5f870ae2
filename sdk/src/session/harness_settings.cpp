#include "session/checked_wishes.hpp"

#include <httptest/harness.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace httptest::inline v1 {

namespace {

constexpr char const* defaultProvider = "runai";

SettingSpec timeoutSpec(std::string key, std::string defaultValue, std::string description) {
    return {std::move(key),        SettingKind::milliseconds, std::move(defaultValue), std::move(description), {}, 1,
            longestTimeout.count()};
}

SettingSpec countSpec(std::string key, std::string defaultValue, std::string description, std::int64_t maximum) {
    return {std::move(key), SettingKind::integer, std::move(defaultValue), std::move(description), {}, 1, maximum};
}

} // namespace

std::vector<SettingSpec> Harness::settingSpecs() {
    return {
        {"provider", SettingKind::text, defaultProvider, "Auth provider: a plugin's name, or one registered in code."},
        {"plugin_path", SettingKind::pathList, "",
         "Folders with plugins, separated by ':', searched before the SDK's own."},
        {"unknown_keys",
         SettingKind::choice,
         "error",
         "What an unknown key of a file or of code is: an `error`, or one notice each on standard error (`warn`).",
         {"error", "warn"}},
        timeoutSpec("request_timeout_ms", "60000", "One request, its login and replay included."),
        timeoutSpec("login_timeout_ms", "30000", "One login, its retries included."),
        timeoutSpec("exchange_timeout_ms", "30000", "One exchange on the wire."),
        timeoutSpec("connect_timeout_ms", "10000", "One connection attempt, for each address."),
        timeoutSpec("tls_timeout_ms", "10000", "One TLS handshake."),
        timeoutSpec("idle_timeout_ms", "30000", "How long a connection is kept for its next request."),
        countSpec("idle_connections", "16", "Connections kept for each origin.", 1024),
        countSpec("max_header_bytes", "65536", "Size of a reply's header.", std::int64_t{16} * 1024 * 1024),
        countSpec("max_header_fields", "100", "Number of fields in a reply's header.", 10000),
        countSpec("max_body_bytes", "67108864", "Size of a reply's body.", std::int64_t{4} * 1024 * 1024 * 1024),
        {.key = "redirects",
         .kind = SettingKind::integer,
         .defaultValue = "0",
         .description = "How many redirects a request follows that does not say itself; `0` for none.",
         .maximum = mostRedirects},
        {"token_store",
         SettingKind::choice,
         "memory",
         "Who shares a login: `memory`, this process; `file`, this user's processes on this machine.",
         {"memory", "file"}},
        {"state_dir", SettingKind::path, "",
         "Folder of the `file` store and the ledgers; without it `$XDG_RUNTIME_DIR/httptest`, else "
         "`$TMPDIR/httptest-<uid>`."},
        {"log",
         SettingKind::choice,
         "off",
         "The trace: `off`; `error`, what failed; `info`, a line for each exchange and login; `wire`, the messages.",
         {"off", "error", "info", "wire"}},
        {"log_file", SettingKind::path, "",
         "File of the trace, one for each process: `%p` is its number, else that stands before the extension. Without "
         "it standard error."},
        {"ledger", SettingKind::boolean, "true",
         "Keep a file of the deletions that `Cleanup` still has to send, for `httptest sweep`."},
        {"summary_file", SettingKind::path, "",
         "File to which each process appends one JSON line of counters at its end."},
    };
}

std::vector<SettingSpec> Harness::connectionSettingSpecs() {
    return {
        {"base_url", SettingKind::url, "", "Address of the tested system."},
        {"system_version", SettingKind::text, "", "Version of the tested system, which `needs::version` compares."},
        {"ca_file", SettingKind::path, "", "PEM file of CAs that are trusted besides the system's."},
        {"ca_path", SettingKind::path, "", "Folder of such PEM files, hashed (`openssl rehash`) or not."},
        {.key = "client_certificate_file",
         .kind = SettingKind::path,
         .description = "PEM file of the client certificate and its chain.",
         .group = "client certificate"},
        {.key = "client_key_file",
         .kind = SettingKind::path,
         .description = "PEM file of the client certificate's key.",
         .group = "client certificate"},
        {.key = "client_key_passphrase",
         .kind = SettingKind::secret,
         .description = "Passphrase of that key, where it is encrypted.",
         .group = "client certificate"},
        {"tls_min_version", SettingKind::choice, "1.2", "Lowest version of TLS: `1.2` or `1.3`.", {"1.2", "1.3"}},
        {"insecure_skip_verify", SettingKind::boolean, "false", "Do not verify certificates; said in every report."},
        {"allow_insecure_http", SettingKind::boolean, "false", "Send credentials over http:// beyond loopback."},
        {"token_origins", SettingKind::list, "", "Further origins that get credentials, separated by commas."},
        {"proxy_url", SettingKind::secret, "",
         "`http://[user:password@]host:port`, in place of the environment's; never used for loopback."},
        {"no_proxy", SettingKind::list, "",
         "Targets that are reached without a proxy, in place of the variable `no_proxy`."},
    };
}

std::vector<SettingSpec> Harness::settingSpecsOf(ProviderFactory const& factory) {
    std::vector<SettingSpec> specs = connectionSettingSpecs();
    for (SettingSpec& spec : factory.settings()) {
        auto const same =
            std::find_if(specs.begin(), specs.end(), [&](SettingSpec const& known) { return known.key == spec.key; });
        if (same != specs.end()) {
            *same = std::move(spec);
        } else {
            specs.push_back(std::move(spec));
        }
    }
    return specs;
}

} // namespace httptest::v1
