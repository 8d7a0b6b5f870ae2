#include "command.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace httptest::cli {

namespace {

constexpr char const* secretMark = "[secret]";

struct Row {
    std::string key;
    bool set = false;
    std::string value; ///< Masked where the setting is a secret.
    std::string where; ///< For one that is not set: how to set it.
};

void addRows(std::vector<Row>& rows, std::string const& section, std::vector<SettingSpec> const& specs,
             Settings const& settings) {
    for (SettingSpec const& spec : specs) {
        Row row{section.empty() ? spec.key : section + "." + spec.key, settings.has(spec.key), "", ""};
        if (row.set) {
            row.value = spec.kind == SettingKind::secret ? secretMark : shown(settings.text(spec.key));
            row.where = shown(settings.where(spec.key));
        } else {
            row.where = variableName(section, spec.key);
        }
        rows.push_back(std::move(row));
    }
}

std::string asText(std::vector<Row> const& rows) {
    std::size_t keyWidth = 0;
    for (Row const& row : rows) {
        keyWidth = std::max(keyWidth, row.key.size());
    }
    std::string text;
    for (Row const& row : rows) {
        text += row.key + std::string(keyWidth + 2 - row.key.size(), ' ');
        text += row.set ? row.value + "  (" + row.where + ")\n" : "not set  (" + row.where + ")\n";
    }
    return text;
}

std::string asJson(std::vector<Row> const& rows) {
    auto list = nlohmann::ordered_json::array();
    for (Row const& row : rows) {
        nlohmann::ordered_json const value = row.set ? nlohmann::ordered_json(row.value) : nullptr;
        list.push_back({{"key", row.key}, {"value", value}, {row.set ? "source" : "variable", row.where}});
    }
    return list.dump(2) + "\n";
}

ExitCode runConfig(Arguments const& arguments) {
    Setup setup;
    setup.loadProvider();
    std::vector<Row> rows;
    addRows(rows, "", Harness::settingSpecs(), setup.own());
    addRows(rows, setup.providerName(), setup.providerSpecs(), setup.providerSettings());
    writeOut(arguments.has("json") ? asJson(rows) : asText(rows));
    return ExitCode::ok;
}

} // namespace

Command configCommand() {
    return {
        "config",
        "[--json]",
        "show every setting and where it comes from",
        "Prints the settings that tests run with, those of the harness, the connection and the auth provider: the "
        "value, and the variable, the file's key or the default that it comes from; for one that is not set, the "
        "variable that would set it. Secrets are masked.",
        {{"json", '\0', nullptr, "Print JSON."}},
        0,
        0,
        " httptest config\n"
        " httptest config --json | jq -r '.[] | select(.source != \"default\") | .key'",
        &runConfig,
    };
}

} // namespace httptest::cli
