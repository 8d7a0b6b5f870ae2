#pragma once

#include <httptest/abi.hpp>
#include <httptest/settings.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace httptest::inline v1 {

/// The raw settings and where each came from: code over environment over file over defaults.
///
/// Nothing is found by searching: the file is the one that `HTTPTEST_CONFIG` names (JSON where its name ends in
/// `.json`, otherwise lines of `key = value`). Names: a harness setting `provider` is `HTTPTEST_PROVIDER` and
/// `provider`; one of the section `runai`, `token_api` say, is `RUNAI_TOKEN_API` and `runai.token_api`; of the named
/// identity `researcher` it is `RUNAI_RESEARCHER_TOKEN_API` and `identity.researcher.token_api`.
/// A plain value; copy it, change the copy.
class HTTPTEST_API Configuration {
public:
    using Environment = std::map<std::string, std::string, std::less<>>;
    using Sections = std::map<std::string, std::vector<SettingSpec>, std::less<>>;

    /// No environment, no file: only what `set` adds.
    Configuration() = default;

    /// Reads the process's environment, and the file that it names.
    /// @throws Misconfigured  The file cannot be read, is malformed, or holds a key twice.
    static Configuration fromEnvironment();
    static Configuration fromEnvironment(Environment environment);

    /// Sets a value from code; `key` as in a file ("runai.base_url", "identity.researcher.client_id").
    Configuration& set(std::string_view key, std::string_view value);

    /// Resolves one section; "" is the harness's own.
    ///
    /// For a named identity: its own settings, and for those that it does not set the section's, except credentials
    /// (`SettingSpec::credential`) and what belongs to a group of which it sets a part.
    /// @param identity  Empty for the section's own. One that nothing is configured for has no credentials.
    /// @throws Misconfigured  Empty value, wrong type, unit, range or choice, malformed URL, a leftover "${…}", aliases
    ///                        that disagree.
    Settings resolve(std::string_view section, std::vector<SettingSpec> const& specs,
                     std::string_view identity = {}) const;

    /// The named identities that are configured for a section, sorted: those with a key `identity.<name>.…`, and those
    /// with a variable for one of their credentials.
    /// @throws Misconfigured  Two whose names differ in '-' and '_' alone, and so share their variables.
    std::vector<std::string> identities(std::string_view section, std::vector<SettingSpec> const& specs) const;

    /// What is wrong with the keys of files and code that no spec knows, each with the nearest one that exists.
    /// Identities have the keys of all sections but the harness's own.
    /// @param sections  Section name to its specs.
    /// @param isOther   Whether another section ("x" of the key "x.y") is somebody else's, and its keys are left alone.
    ///                  None is where it is left out.
    std::vector<std::string> unknownKeys(Sections const& sections,
                                         std::function<bool(std::string_view)> const& isOther = {}) const;

    /// @throws Misconfigured  For the first of unknownKeys.
    void refuseUnknownKeys(Sections const& sections, std::function<bool(std::string_view)> const& isOther = {}) const;

    /// Notices about variables that are read by nobody and look like a typing slip in one that is: RUNAI_CLIENTID.
    /// Names only; never a value.
    std::vector<std::string> suspiciousVariables(Sections const& sections) const;

    /// The value of an environment variable that is no setting of ours (https_proxy, …); empty is like unset.
    std::string environmentVariable(std::string const& name) const;

    /// The path that HTTPTEST_CONFIG named; empty for none.
    std::string const& file() const noexcept { return file_; }

private:
    struct Place;

    std::optional<std::string> variable(std::string const& name) const;
    std::vector<std::string> variableNames() const;
    std::optional<Settings::Value> findOne(Place const& place, std::string_view key) const;
    std::optional<Settings::Value> find(Place const& place, SettingSpec const& spec, std::string_view suffix) const;
    std::optional<Settings::Value> findWithFile(Place const& place, SettingSpec const& spec) const;
    void readFile();

    bool processEnvironment_ = false; // read when asked: a copy would keep everybody's secrets in our memory
    Environment environment_;
    std::string file_;
    std::map<std::string, Settings::Value, std::less<>> fileValues_; // their `where` is filled in when they are found
    std::map<std::string, std::string, std::less<>> codeValues_;
};

/// The environment variable of a setting: ("runai", "client_id") is RUNAI_CLIENT_ID, ("", "provider") HTTPTEST_PROVIDER,
/// ("runai.researcher", "client_id") RUNAI_RESEARCHER_CLIENT_ID.
HTTPTEST_API std::string variableName(std::string_view section, std::string_view key);

/// Whether `name` may be an identity's: lower-case letters, digits, '-' and '_', a letter first, 64 at most.
HTTPTEST_API bool isIdentityName(std::string_view name) noexcept;

} // namespace httptest::v1
