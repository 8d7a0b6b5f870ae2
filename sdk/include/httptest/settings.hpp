#pragma once

#include <httptest/abi.hpp>
#include <httptest/secret.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// A `list` separates its texts by commas, a `pathList` by colons; in a JSON file either may be a list.
enum class SettingKind { text, secret, url, path, integer, boolean, milliseconds, choice, list, pathList };

/// One setting as documentation and code know it. The README's tables are checked against these.
struct SettingSpec {
    std::string key; ///< Within its section: "client_id".
    SettingKind kind = SettingKind::text;
    std::string defaultValue = {}; ///< Empty for none.
    std::string description = {};
    std::vector<std::string> choices = {}; ///< For `choice` alone.
    std::int64_t minimum = 0;              ///< For numbers.
    std::int64_t maximum = INT64_MAX;
    /// Belongs to one identity: a named identity never takes it from the provider's section.
    bool credential = false;
    /// Settings of one group belong together: a named identity that sets one of them takes none of the others from the
    /// provider's section.
    std::string group = {};
    /// Further keys that mean the same. Two that are set on one level to different values are an error.
    std::vector<std::string> aliases = {};
};

/// Where a secret comes from: a value, or a file that is read anew at every use.
///
/// A file's trailing newline is stripped, symbolic links are followed (Kubernetes swaps secrets through one). A file that
/// everybody may read costs one notice on standard error.
class HTTPTEST_API SecretSource {
public:
    /// The text is kept as a Secret.
    static SecretSource value(std::string text, std::string where);
    static SecretSource file(std::string path, std::string where);

    /// @throws Misconfigured  The file is missing, unreadable, empty or over 64 KiB; names setting and file.
    Secret read() const;

    /// Changes when the file's content does; constant for a value, empty for an unreadable file.
    std::string version() const;

    /// "environment variable RUNAI_CLIENT_SECRET"
    std::string const& where() const noexcept { return where_; }

    /// The file's; empty for a value.
    std::string const& path() const noexcept { return path_; }

private:
    std::shared_ptr<Secret const> value_;
    std::string path_;
    std::string where_;
};

/// The settings of one section, checked against their specs; every value knows where it came from.
class HTTPTEST_API Settings {
public:
    enum class Source { code, environment, file, standard };

    struct Value {
        std::string text;
        Source source = Source::standard;
        std::string where =
            {}; ///< "environment variable RUNAI_BASE_URL", "key 'runai.base_url' of /etc/x.json", "default".
        bool isFile = false;                ///< A secret's value is the path of a file that holds it.
        std::string file = {};              ///< The configuration file that it stands in, for `Source::file`.
        std::vector<std::string> list = {}; ///< In place of `text` where a JSON file has a list.
        bool isList = false;
    };

    /// @param identity  The named identity that they were resolved for; empty for the section's own.
    Settings(std::string section, std::vector<SettingSpec> specs, std::map<std::string, Value, std::less<>> values,
             std::string identity = {});

    /// True when configured or defaulted.
    bool has(std::string_view key) const;

    /// All of these throw Misconfigured, naming key and variable, when the value is missing.
    std::string const& text(std::string_view key) const;
    std::int64_t integer(std::string_view key) const;
    bool boolean(std::string_view key) const;
    std::chrono::milliseconds milliseconds(std::string_view key) const;
    SecretSource secret(std::string_view key) const;
    /// A URL that may hold a password, given like any secret. Only its user-info is kept out of output, since texts name
    /// its host.
    std::string secretUrl(std::string_view key) const;

    Source source(std::string_view key) const;

    /// Where the value came from, in words.
    std::string const& where(std::string_view key) const;

    /// For values that decide which code runs.
    /// @throws Misconfigured  The value stands in a file that the user does not own or that others can write.
    void requireTrusted(std::string_view key) const;

    /// True when both have the same value for the key, or none.
    bool agree(std::string_view key, Settings const& other) const;

    /// "RUNAI_CLIENT_ID (or key 'runai.client_id')": how a user sets it, for error texts. For a named identity its own
    /// variable and key.
    std::string howToSet(std::string_view key) const;

private:
    Value const& value(std::string_view key) const;

    std::string section_;
    std::vector<SettingSpec> specs_;
    std::map<std::string, Value, std::less<>> values_;
    std::string identity_;
};

} // namespace httptest::v1
