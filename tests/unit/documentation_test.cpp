#include "factory.hpp"

#include <httptest/configuration.hpp>
#include <httptest/harness.hpp>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::string contentOf(std::string const& file) {
    std::ifstream stream(std::string(HTTPTEST_SOURCE_DIR) + "/" + file);
    BOOST_REQUIRE_MESSAGE(stream.is_open(), "cannot read " << file);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string trimmed(std::string const& text) {
    auto const begin = text.find_first_not_of(" `");
    return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" `") - begin + 1);
}

/// The rows of a file's settings tables: setting, variable, unit, default, an example in some, meaning.
std::vector<std::vector<std::string>> settingRows(std::string const& file) {
    std::vector<std::vector<std::string>> rows;
    std::istringstream lines(contentOf(file));
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("| `")) {
            continue;
        }
        std::vector<std::string> cells;
        std::istringstream row(line.substr(1));
        for (std::string cell; std::getline(row, cell, '|');) {
            cells.push_back(trimmed(cell));
        }
        if (cells.size() == 5 || cells.size() == 6) {
            rows.push_back(cells);
        }
    }
    return rows;
}

void checkDocumented(std::string const& file, std::string const& section,
                     std::vector<httptest::SettingSpec> const& specs, std::set<std::string>& seen) {
    auto const rows = settingRows(file);
    for (httptest::SettingSpec const& spec : specs) {
        bool found = false;
        for (auto const& row : rows) {
            std::string const variable = httptest::variableName(section, spec.key);
            if (row[0] != spec.key || !row[1].starts_with(variable)) {
                continue;
            }
            found = true;
            seen.insert(row[0]);
            std::string const documented = row[3] == "–" ? "" : row[3];
            BOOST_TEST(documented == spec.defaultValue,
                       file << ": the default of " << spec.key << " is " << spec.defaultValue);
        }
        BOOST_TEST(found, file << " does not describe " << spec.key);
    }
}

std::string unitOf(httptest::SettingSpec const& spec) {
    return spec.kind == httptest::SettingKind::milliseconds ? "ms" : spec.key.ends_with("_bytes") ? "bytes" : "";
}

/// Units are the code's, and examples are values that it takes and that are not the default.
void checkUnitsAndExamples(std::string const& file, std::string const& section,
                           std::vector<httptest::SettingSpec> const& specs) {
    for (auto const& row : settingRows(file)) {
        for (httptest::SettingSpec const& spec : specs) {
            if (row[0] != spec.key) {
                continue;
            }
            BOOST_REQUIRE_MESSAGE(row.size() == 6U, spec.key << " has no example");
            BOOST_TEST((row[2] == "–" ? "" : row[2]) == unitOf(spec), spec.key);
            if (spec.kind == httptest::SettingKind::secret) {
                continue; // secrets have files for examples
            }
            auto configuration = httptest::Configuration();
            configuration.set(section.empty() ? spec.key : section + "." + spec.key, row[4]);
            BOOST_TEST(configuration.resolve(section, {spec}).text(spec.key) == row[4]);
            BOOST_TEST((row[4] != spec.defaultValue || spec.key == "provider"), spec.key << ": " << row[4]);
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(Documentation)

BOOST_AUTO_TEST_CASE(the_readme_shows_the_quickstart_sample_as_it_is) {
    BOOST_TEST(contentOf("README.md").find("```cpp\n" + contentOf("samples/quickstart/quickstart.cpp") + "```") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_readme_describes_each_setting_of_harness_and_connection_and_no_other) {
    std::set<std::string> seen;
    checkDocumented("README.md", "", httptest::Harness::settingSpecs(), seen);
    checkDocumented("README.md", "runai", httptest::Harness::connectionSettingSpecs(), seen);
    checkUnitsAndExamples("README.md", "", httptest::Harness::settingSpecs());
    checkUnitsAndExamples("README.md", "runai", httptest::Harness::connectionSettingSpecs());
    for (auto const& row : settingRows("README.md")) {
        BOOST_TEST(seen.count(row[0]) == 1U, "README.md describes " << row[0] << ", which the code does not have");
    }
}

BOOST_AUTO_TEST_CASE(the_plugins_readme_describes_each_of_its_settings_and_no_other) {
    std::set<std::string> seen;
    checkDocumented("plugin/README.md", "runai", runai::Factory().settings(), seen);
    checkUnitsAndExamples("plugin/README.md", "runai", runai::Factory().settings());
    for (auto const& row : settingRows("plugin/README.md")) {
        BOOST_TEST(seen.count(row[0]) == 1U,
                   "plugin/README.md describes " << row[0] << ", which the code does not have");
    }
}

BOOST_AUTO_TEST_SUITE_END()
