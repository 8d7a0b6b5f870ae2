#include "config/known_keys.hpp"

#include "config/nearest.hpp"
#include "config/setting_value.hpp"

#include <httptest/error.hpp>

#include <algorithm>
#include <array>
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

/// What the sections have, for the search of what they do not.
class KnownKeys {
public:
    explicit KnownKeys(Configuration::Sections const& sections) {
        for (auto const& [section, specs] : sections) {
            for (SettingSpec const& spec : specs) {
                for (std::string const& key : keysOf(spec)) {
                    keys_.push_back(section.empty() ? key : section + "." + key);
                    if (!section.empty()) {
                        ofIdentities_.push_back(key);
                    }
                }
            }
        }
    }

    bool isIdentitySection(std::string_view section) const {
        return !ofIdentities_.empty() && section == identityPrefix.substr(0, identityPrefix.size() - 1);
    }

    /// What is wrong with a key, or nothing.
    std::string problemOf(std::string const& key, std::string const& where) const {
        std::vector<std::string> candidates = keys_;
        if (std::string const identity(identityOfKey(key)); !identity.empty() && !ofIdentities_.empty()) {
            if (!isIdentityName(identity) || identity == "default") {
                return "key '" + key + "' " + where + ": '" + identity +
                       "' is no name for an identity: use lower-case letters, digits, '-' and '_', a letter first, and "
                       "not 'default'";
            }
            candidates.clear();
            for (std::string const& own : ofIdentities_) {
                candidates.push_back(std::string(identityPrefix).append(identity).append(".").append(own));
            }
        }
        if (std::find(candidates.begin(), candidates.end(), key) != candidates.end()) {
            return {};
        }
        std::string const guess = nearest(key, candidates);
        return "unknown setting '" + key + "' " + where +
               (guess.empty() ? "; known are: " + joined(candidates, ", ") : "; did you mean '" + guess + "'?");
    }

private:
    std::vector<std::string> keys_;
    std::vector<std::string> ofIdentities_;
};

/// Variables with our prefix that are no settings.
constexpr std::array<char const*, 3> otherVariables = {"HTTPTEST_CONFIG", "HTTPTEST_STATE_DIR",
                                                       "HTTPTEST_SKIP_PACKAGE_CHECK"};

bool endsWithOneOf(std::string_view variable, std::string_view prefix, std::vector<std::string> const& known) {
    return std::any_of(known.begin(), known.end(), [&](std::string const& name) {
        return variable.ends_with(std::string_view(name).substr(prefix.size() - 1)); // "_CLIENT_ID"
    });
}

/// The known variable that a slip of a letter or two away from `variable` was meant by; empty for none.
std::string likelyMeant(std::string const& variable, std::string const& prefix, std::vector<std::string> const& known,
                        std::vector<std::string> const& credentials) {
    // Other programs have variables with these prefixes (RUNAI_CLI_CONFIG_PATH): only what is very near is noticed.
    constexpr std::size_t ownSlips = 2;
    constexpr std::size_t identitySlips = 1;
    constexpr std::size_t shortestEnding = 6;
    // One letter away from a known variable, even where it could be an identity's: RUNAI_BAS_URL.
    if (std::string guess = nearest(variable, known, 1); !guess.empty() && guess != variable) {
        return guess;
    }
    if (!variable.starts_with(prefix) || variable.size() == prefix.size() || endsWithOneOf(variable, prefix, known)) {
        return {};
    }
    if (std::string guess = nearest(variable, known, ownSlips); !guess.empty()) {
        return guess;
    }
    for (auto at = variable.find('_', prefix.size()); at != std::string::npos; at = variable.find('_', at + 1)) {
        std::string const ending = variable.substr(at + 1);
        if (ending.size() < shortestEnding) {
            break;
        }
        if (std::string const guess = nearest(prefix + ending, credentials, identitySlips); !guess.empty()) {
            return variable.substr(0, at + 1) + guess.substr(prefix.size());
        }
    }
    return {};
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
    auto const addFrom = [&](auto const& values) {
        for (auto const& [key, value] : values) {
            if (std::string const name(identityOfKey(key)); isIdentityName(name)) {
                add(name, false);
            }
        }
    };
    addFrom(codeValues_);
    addFrom(fileValues_);
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

std::vector<std::string> Configuration::unknownKeys(Sections const& sections,
                                                    std::function<bool(std::string_view)> const& isOther) const {
    KnownKeys const known(sections);
    std::vector<std::string> problems;
    auto const look = [&](auto const& values, std::string const& where) {
        for (auto const& [key, value] : values) {
            std::string_view const section = std::string_view(key).substr(0, key.find('.'));
            bool const others = section.size() < key.size() && sections.find(section) == sections.end() &&
                                !known.isIdentitySection(section) && isOther && isOther(section);
            if (std::string problem = others ? std::string() : known.problemOf(key, where); !problem.empty()) {
                problems.push_back(std::move(problem));
            }
        }
    };
    look(codeValues_, "set in code");
    look(fileValues_, "in " + file_);
    return problems;
}

void Configuration::refuseUnknownKeys(Sections const& sections,
                                      std::function<bool(std::string_view)> const& isOther) const {
    if (auto const problems = unknownKeys(sections, isOther); !problems.empty()) {
        throw Misconfigured(problems.front());
    }
}

std::vector<std::string> Configuration::suspiciousVariables(Sections const& sections) const {
    std::vector<std::string> notices;
    auto const variables = variableNames();
    for (auto const& [section, specs] : sections) {
        std::vector<std::string> known;
        std::vector<std::string> credentials;
        for (SettingSpec const& spec : specs) {
            for (std::string const& key : keysOf(spec)) {
                known.push_back(variableName(section, key));
                if (spec.credential) {
                    credentials.push_back(variableName(section, key));
                }
            }
        }
        if (section.empty()) {
            known.insert(known.end(), otherVariables.begin(), otherVariables.end());
        }
        for (std::string const& variable : variables) {
            std::string const guess = likelyMeant(variable, variableName(section, ""), known, credentials);
            if (!guess.empty()) {
                notices.push_back("environment variable " + variable +
                                  " is not a setting and is ignored; did you mean " + guess + "?");
            }
        }
    }
    return notices;
}

} // namespace httptest::v1
