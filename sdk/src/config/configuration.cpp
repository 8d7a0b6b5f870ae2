#include "config/configuration_file.hpp"
#include "config/setting_value.hpp"

#include <httptest/configuration.hpp>
#include <httptest/error.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

namespace httptest::inline v1 {

namespace {

constexpr std::string_view fileVariable = "HTTPTEST_CONFIG";
constexpr std::string_view secretFileSuffix = "_file";
constexpr char const* identityKeys = "identity.";

std::string fullKey(std::string_view section, std::string_view key) {
    return section.empty() ? std::string(key) : std::string(section).append(".").append(key);
}

} // namespace

std::string variableName(std::string_view section, std::string_view key) {
    std::string name = (section.empty() ? "httptest" : std::string(section)).append("_").append(key);
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c == '.' || c == '-' ? '_' : c;
    });
    return name;
}

Configuration Configuration::fromEnvironment() {
    Configuration configuration;
    configuration.processEnvironment_ = true;
    configuration.readFile();
    return configuration;
}

Configuration Configuration::fromEnvironment(Environment environment) {
    Configuration configuration;
    configuration.environment_ = std::move(environment);
    configuration.readFile();
    return configuration;
}

void Configuration::readFile() {
    std::optional<std::string> path = variable(std::string(fileVariable));
    if (!path) {
        return;
    }
    if (path->empty()) {
        throw Misconfigured("environment variable HTTPTEST_CONFIG is set but empty; remove it or name a file");
    }
    file_ = std::move(*path);
    for (auto& [key, read] : readConfigurationFile(file_)) {
        fileValues_.emplace(key, Settings::Value{.text = std::move(read.text),
                                                 .source = Settings::Source::file,
                                                 .list = std::move(read.list),
                                                 .isList = read.isList});
    }
}

Configuration& Configuration::set(std::string_view key, std::string_view value) {
    codeValues_.insert_or_assign(std::string(key), std::string(value));
    return *this;
}

std::optional<std::string> Configuration::variable(std::string const& name) const {
    if (processEnvironment_) {
        char const* const value = std::getenv(name.c_str()); // NOLINT(concurrency-mt-unsafe): nothing here sets any
        return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
    }
    auto const found = environment_.find(name);
    return found != environment_.end() ? std::optional(found->second) : std::nullopt;
}

std::string Configuration::environmentVariable(std::string const& name) const {
    return variable(name).value_or("");
}

std::vector<std::string> Configuration::variableNames() const {
    std::vector<std::string> names;
    if (processEnvironment_) {
        for (char* const* entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
            std::string_view const text(*entry);
            names.emplace_back(text.substr(0, text.find('=')));
        }
    }
    for (auto const& [name, value] : environment_) {
        names.push_back(name);
    }
    return names;
}

/// Where the settings of a section or of an identity stand.
struct Configuration::Place {
    std::string keys;      ///< What their keys begin with: "runai", "identity.researcher", "" for the harness's.
    std::string variables; ///< The section for their variables' names: "runai", "runai.researcher".
};

std::optional<Settings::Value> Configuration::findOne(Place const& place, std::string_view key) const {
    std::string const name = fullKey(place.keys, key);
    if (auto const found = codeValues_.find(name); found != codeValues_.end()) {
        return Settings::Value{found->second, Settings::Source::code, "key '" + name + "' set in code"};
    }
    std::string const variableOf = variableName(place.variables, key);
    if (std::optional<std::string> value = variable(variableOf)) {
        return Settings::Value{std::move(*value), Settings::Source::environment, "environment variable " + variableOf};
    }
    if (auto const found = fileValues_.find(name); found != fileValues_.end()) {
        Settings::Value value = found->second;
        value.where = "key '" + name + "' of " + file_;
        value.file = file_;
        return value;
    }
    return std::nullopt;
}

/// The setting under its own key or one of its aliases, whichever stands on the highest level.
std::optional<Settings::Value> Configuration::find(Place const& place, SettingSpec const& spec,
                                                   std::string_view suffix) const {
    std::optional<Settings::Value> best = findOne(place, spec.key + std::string(suffix));
    for (std::string const& alias : spec.aliases) {
        std::optional<Settings::Value> other = findOne(place, alias + std::string(suffix));
        if (!other || (best && best->source < other->source)) {
            continue;
        }
        if (best && best->source == other->source && (best->text != other->text || best->list != other->list)) {
            throw Misconfigured(best->where + " and " + other->where + " mean the same setting and differ; remove one");
        }
        if (!best || other->source < best->source) {
            best = std::move(other);
        }
    }
    return best;
}

/// A secret itself or the file that holds it, whichever stands on the higher level.
std::optional<Settings::Value> Configuration::findWithFile(Place const& place, SettingSpec const& spec) const {
    std::optional<Settings::Value> inlined = find(place, spec, "");
    if (spec.kind != SettingKind::secret) {
        return inlined;
    }
    std::optional<Settings::Value> file = find(place, spec, secretFileSuffix);
    if (file) {
        file->isFile = true;
    }
    if (inlined && file && inlined->source == file->source) {
        throw Misconfigured(inlined->where + " and " + file->where + " contradict each other; remove one");
    }
    if (inlined && file) {
        return inlined->source < file->source ? inlined : file;
    }
    return inlined ? inlined : file;
}

Settings Configuration::resolve(std::string_view section, std::vector<SettingSpec> const& specs,
                                std::string_view identity) const {
    std::string const name(section);
    Place const own{name, name};
    Place const named{identityKeys + std::string(identity), name + "." + std::string(identity)};
    std::map<std::string, Settings::Value, std::less<>> values;
    std::set<std::string> groups; // of which the identity sets a part
    if (!identity.empty()) {
        for (SettingSpec const& spec : specs) {
            if (std::optional<Settings::Value> value = findWithFile(named, spec)) {
                values.emplace(spec.key, std::move(*value));
                groups.insert(spec.group);
            }
        }
        groups.erase("");
    }
    for (SettingSpec const& spec : specs) {
        bool const inherits = identity.empty() || (!spec.credential && groups.count(spec.group) == 0);
        if (values.count(spec.key) == 0 && inherits) {
            if (std::optional<Settings::Value> value = findWithFile(own, spec)) {
                values.emplace(spec.key, std::move(*value));
            }
        }
        if (values.count(spec.key) == 0 && !spec.defaultValue.empty()) {
            values.emplace(spec.key, Settings::Value{spec.defaultValue, Settings::Source::standard, "default"});
        }
        if (auto const value = values.find(spec.key); value != values.end()) {
            checkValue(spec, value->second);
        }
    }
    return Settings(name, specs, std::move(values), std::string(identity));
}

} // namespace httptest::v1
