#include "config/configuration_file.hpp"
#include "config/nearest.hpp"

#include <httptest/configuration.hpp>
#include <httptest/error.hpp>
#include <httptest/url.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

namespace httptest::inline v1 {

namespace {

constexpr std::string_view fileVariable = "HTTPTEST_CONFIG";
constexpr std::string_view secretFileSuffix = "_file";

std::string fullKey(std::string_view section, std::string_view key) {
    return section.empty() ? std::string(key) : std::string(section).append(".").append(key);
}

std::string joined(std::vector<std::string> const& texts, char const* separator) {
    std::string result;
    for (std::string const& text : texts) {
        result.append(result.empty() ? "" : separator).append(text);
    }
    return result;
}

[[noreturn]] void refuse(Settings::Value const& value, std::string const& why) {
    throw Misconfigured(value.where + ": " + why);
}

void checkNumber(SettingSpec const& spec, Settings::Value const& value) {
    std::string const& text = value.text;
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string const unit = spec.kind == SettingKind::milliseconds ? " of milliseconds" : "";
    if (error != std::errc() || end != text.data() + text.size()) {
        refuse(value, "'" + text + "' is no whole number" + unit);
    }
    if (number < spec.minimum || number > spec.maximum) {
        refuse(value, text + " is out of range (" + std::to_string(spec.minimum) + " to " +
                          std::to_string(spec.maximum) + ")");
    }
}

void checkUrl(Settings::Value const& value) {
    try {
        Url::parse(value.text);
    } catch (InvalidRequest const& error) {
        refuse(value, error.what());
    }
}

/// Brings the value into the form that Settings reads.
/// @throws Misconfigured
void check(SettingSpec const& spec, Settings::Value& value) {
    if (value.text.empty()) {
        refuse(value, "is set but empty; remove it or give it a value");
    }
    if (spec.kind == SettingKind::secret && !value.isFile) {
        return; // any bytes may be a secret's
    }
    if (value.text.find("${") != std::string::npos) {
        refuse(value, "holds a '${' that nothing has replaced");
    }
    switch (spec.kind) {
    case SettingKind::integer:
    case SettingKind::milliseconds: checkNumber(spec, value); break;
    case SettingKind::url: checkUrl(value); break;
    case SettingKind::boolean:
        if (value.text != "true" && value.text != "false" && value.text != "1" && value.text != "0") {
            refuse(value, "'" + value.text + "' is neither true nor false");
        }
        value.text = value.text == "true" || value.text == "1" ? "true" : "false";
        break;
    case SettingKind::choice:
        if (std::find(spec.choices.begin(), spec.choices.end(), value.text) == spec.choices.end()) {
            refuse(value, "'" + value.text + "' is none of " + joined(spec.choices, ", "));
        }
        break;
    case SettingKind::text:
    case SettingKind::path:
    case SettingKind::secret: break;
    }
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
    fileValues_ = readConfigurationFile(file_);
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

std::optional<Settings::Value> Configuration::find(std::string_view section, std::string_view key) const {
    std::string const name = fullKey(section, key);
    if (auto const found = codeValues_.find(name); found != codeValues_.end()) {
        return Settings::Value{found->second, Settings::Source::code, "key '" + name + "' set in code"};
    }
    std::string const variableOf = variableName(section, key);
    if (std::optional<std::string> value = variable(variableOf)) {
        return Settings::Value{std::move(*value), Settings::Source::environment, "environment variable " + variableOf};
    }
    if (auto const found = fileValues_.find(name); found != fileValues_.end()) {
        return Settings::Value{found->second, Settings::Source::file, "key '" + name + "' of " + file_, false, file_};
    }
    return std::nullopt;
}

/// A secret itself or the file that holds it, whichever stands on the higher level.
std::optional<Settings::Value> Configuration::findWithFile(std::string_view section, std::string_view key) const {
    std::optional<Settings::Value> inlined = find(section, key);
    std::optional<Settings::Value> file = find(section, std::string(key).append(secretFileSuffix));
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

Settings Configuration::resolve(std::string_view section, std::vector<SettingSpec> const& specs) const {
    std::map<std::string, Settings::Value, std::less<>> values;
    for (SettingSpec const& spec : specs) {
        std::optional<Settings::Value> value =
            spec.kind == SettingKind::secret ? findWithFile(section, spec.key) : find(section, spec.key);
        if (!value && !spec.defaultValue.empty()) {
            value = Settings::Value{spec.defaultValue, Settings::Source::standard, "default"};
        }
        if (value) {
            check(spec, *value);
            values.emplace(spec.key, std::move(*value));
        }
    }
    return Settings(std::string(section), specs, std::move(values));
}

void Configuration::refuseUnknownKeys(
    std::map<std::string, std::vector<SettingSpec>, std::less<>> const& sections) const {
    std::vector<std::string> known;
    for (auto const& [section, specs] : sections) {
        for (SettingSpec const& spec : specs) {
            known.push_back(fullKey(section, spec.key));
            if (spec.kind == SettingKind::secret) {
                known.push_back(known.back() + std::string(secretFileSuffix));
            }
        }
    }
    auto const refuseUnknown = [&](auto const& values, std::string const& where) {
        for (auto const& [key, value] : values) {
            if (std::find(known.begin(), known.end(), key) != known.end()) {
                continue;
            }
            std::string const guess = nearest(key, known);
            throw Misconfigured(
                "unknown setting '" + key + "' " + where +
                (guess.empty() ? "; known are: " + joined(known, ", ") : "; did you mean '" + guess + "'?"));
        }
    };
    refuseUnknown(codeValues_, "set in code");
    refuseUnknown(fileValues_, "in " + file_);
}

} // namespace httptest::v1
