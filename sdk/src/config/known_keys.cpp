#include "config/known_keys.hpp"

#include "config/nearest.hpp"
#include "config/setting_value.hpp"

#include <httptest/error.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace httptest::inline v1 {

namespace {

constexpr std::string_view identityPrefix = "identity.";
constexpr std::size_t longestIdentityName = 64;

bool isLetter(char c) {
    return c >= 'a' && c <= 'z';
}

/// What of a variable's name stands for the identity; empty where it is none for a credential of an identity.
std::string identityOfVariable(std::string_view variable, std::string const& prefix,
                               std::vector<std::string> const& endings, std::set<std::string> const& plain) {
    if (!variable.starts_with(prefix) || plain.count(std::string(variable)) != 0) {
        return {};
    }
    std::string_view longest;
    for (std::string const& ending : endings) {
        if (ending.size() > longest.size() && variable.size() > prefix.size() + ending.size() &&
            variable.ends_with(ending)) {
            longest = ending;
        }
    }
    if (longest.empty()) {
        return {};
    }
    variable.remove_prefix(prefix.size());
    std::string name(variable.substr(0, variable.size() - longest.size()));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return isIdentityName(name) ? name : std::string();
}

} // namespace

bool isIdentityName(std::string_view name) noexcept {
    return !name.empty() && name.size() <= longestIdentityName && isLetter(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; });
}

std::vector<std::string> keysOf(SettingSpec const& spec) {
    std::vector<std::string> keys = {spec.key};
    keys.insert(keys.end(), spec.aliases.begin(), spec.aliases.end());
    if (spec.kind == SettingKind::secret) {
        for (std::size_t i = 0, count = keys.size(); i < count; ++i) {
            keys.push_back(keys[i] + "_file");
        }
    }
    return keys;
}

std::string_view identityOfKey(std::string_view key) {
    if (!key.starts_with(identityPrefix)) {
        return {};
    }
    key.remove_prefix(identityPrefix.size());
    auto const dot = key.find('.');
    return dot == std::string_view::npos ? std::string_view() : key.substr(0, dot);
}

std::vector<std::string> Configuration::identities(std::string_view section,
                                                   std::vector<SettingSpec> const& specs) const {
    std::map<std::string, std::string> byVariable; // names differ only where their variables do
    auto const add = [&](std::string const& name, bool mayRepeat) {
        auto const [known, isNew] = byVariable.emplace(variableName(name, ""), name);
        if (!isNew && !mayRepeat && known->second != name) {
            throw Misconfigured("the identities '" + known->second + "' and '" + name +
                                "' share their variables; rename one");
        }
    };
    for (auto const* values : {&codeValues_, &fileValues_}) {
        for (auto const& [key, value] : *values) {
            if (std::string const name(identityOfKey(key)); isIdentityName(name)) {
                add(name, false);
            }
        }
    }
    std::vector<std::string> endings;
    std::set<std::string> plain;
    for (SettingSpec const& spec : specs) {
        for (std::string const& key : keysOf(spec)) {
            plain.insert(variableName(section, key));
            if (spec.credential) {
                endings.push_back(variableName("", key).substr(variableName("", "").size() - 1)); // "_CLIENT_ID"
            }
        }
    }
    for (std::string const& variable : variableNames()) {
        if (auto const name = identityOfVariable(variable, variableName(section, ""), endings, plain); !name.empty()) {
            add(name, true);
        }
    }
    std::vector<std::string> names;
    for (auto const& [variable, name] : byVariable) {
        names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

void Configuration::refuseUnknownKeys(Sections const& sections) const {
    std::vector<std::string> known;
    std::vector<std::string> ofIdentities;
    for (auto const& [section, specs] : sections) {
        for (SettingSpec const& spec : specs) {
            for (std::string const& key : keysOf(spec)) {
                known.push_back(section.empty() ? key : section + "." + key);
                if (!section.empty()) {
                    ofIdentities.push_back(key);
                }
            }
        }
    }
    auto const refuseUnknown = [&](auto const& values, std::string const& where) {
        for (auto const& [key, value] : values) {
            std::vector<std::string> candidates = known;
            if (std::string const identity(identityOfKey(key)); !identity.empty() && !ofIdentities.empty()) {
                if (!isIdentityName(identity) || identity == "default") {
                    throw Misconfigured("key '" + key + "' " + where + ": '" + identity +
                                        "' is no name for an identity: use lower-case letters, digits, '-' and '_', "
                                        "a letter first, and not 'default'");
                }
                candidates.clear();
                for (std::string const& own : ofIdentities) {
                    candidates.push_back(std::string(identityPrefix).append(identity).append(".").append(own));
                }
            }
            if (std::find(candidates.begin(), candidates.end(), key) != candidates.end()) {
                continue;
            }
            std::string const guess = nearest(key, candidates);
            throw Misconfigured(
                "unknown setting '" + key + "' " + where +
                (guess.empty() ? "; known are: " + joined(candidates, ", ") : "; did you mean '" + guess + "'?"));
        }
    };
    refuseUnknown(codeValues_, "set in code");
    refuseUnknown(fileValues_, "in " + file_);
}

} // namespace httptest::v1
