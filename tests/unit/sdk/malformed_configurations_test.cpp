#include "session_support.hpp"

#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace {

using httptest::Configuration;
using httptest::SettingKind;
using httptest::SettingSpec;
using session_support::holds;

constexpr char const* canary = "canary-text-of-a-secret";

/// What may be wrong with a value of this kind. A canary stands for what must not be shown.
std::vector<std::string> damagesOf(SettingSpec const& spec) {
    std::vector<std::string> damages = {""};
    switch (spec.kind) {
    case SettingKind::integer:
    case SettingKind::milliseconds:
        damages.insert(damages.end(), {std::to_string(spec.minimum - 1), "-1", "1.5", "12s", "0x10",
                                       "99999999999999999999", "${NUMBER}", "ten"});
        break;
    case SettingKind::boolean: damages.insert(damages.end(), {"yes", "TRUE", "2", "${FLAG}"}); break;
    case SettingKind::choice: damages.insert(damages.end(), {"other", "${CHOICE}"}); break;
    case SettingKind::url:
        damages.insert(damages.end(), {"api.test", "ftp://api.test", "https://", "https://a b", "https://h:99999",
                                       "https://${HOST}", std::string("https://u:") + canary + "@h"});
        break;
    case SettingKind::text:
    case SettingKind::path:
    case SettingKind::list:
    case SettingKind::pathList: damages.insert(damages.end(), {"${HOME}/x"}); break;
    case SettingKind::secret: break;
    }
    return damages;
}

class Malformed {
public:
    /// Each way to give a setting, with the source that its error must name.
    void tryAllWays(std::string const& section, std::string const& key, std::string const& value) {
        std::string const full = section.empty() ? key : section + "." + key;
        std::string const variable = httptest::variableName(section, key);
        expect({{variable, value}}, {}, "environment variable " + variable);
        expect({}, {{full, value}}, "key '" + full + "' set in code");
        auto const lines = folder.write("x.conf", full + " = " + value + "\n");
        expect({{"HTTPTEST_CONFIG", lines.string()}}, {}, "key '" + full + "' of " + lines.string());
        nlohmann::json document;
        (section.empty() ? document : document[section])[key] = value;
        auto const json = folder.write("x.json", document.dump());
        expect({{"HTTPTEST_CONFIG", json.string()}}, {}, "key '" + full + "' of " + json.string());
    }

    void expect(Configuration::Environment environment, std::map<std::string, std::string> const& code,
                std::string const& source) {
        ++count;
        environment.emplace("HTTPTEST_PROVIDER", "scripted");
        environment.emplace("SCRIPTED_BASE_URL", "https://api.test");
        if (environment.count("HTTPTEST_CONFIG") != 0 || !code.empty()) {
            // What the file or the code sets must not be hidden by these.
            environment.erase(holds(source, "scripted.base_url") ? "SCRIPTED_BASE_URL" : "");
            environment.erase(holds(source, "'provider'") ? "HTTPTEST_PROVIDER" : "");
        }
        auto const script = std::make_shared<session_support::Script>();
        auto options = session_support::optionsOf(script, "https://api.test");
        BOOST_TEST_CONTEXT(source) {
            try {
                options.configuration = Configuration::fromEnvironment(environment);
                for (auto const& [key, value] : code) {
                    options.configuration->set(key, value);
                }
                httptest::Harness const harness(options);
                BOOST_ERROR("a malformed value was accepted");
            } catch (httptest::Misconfigured const& error) {
                BOOST_TEST(holds(error.what(), source), error.what());
                BOOST_TEST(!holds(error.what(), canary), error.what());
            }
        }
        BOOST_TEST(script->transport->requestCount() == 0U);
    }

    httptest::testing::TemporaryFolder folder;
    int count = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(malformed_configurations, Malformed)

BOOST_AUTO_TEST_CASE(each_damaged_value_is_an_error_that_names_key_and_source) {
    for (auto const& [section, specs] : Configuration::Sections{
             {"", httptest::Harness::settingSpecs()}, {"scripted", httptest::Harness::connectionSettingSpecs()}}) {
        for (SettingSpec const& spec : specs) {
            for (std::string const& damage : damagesOf(spec)) {
                tryAllWays(section, spec.key, damage);
            }
        }
    }
    BOOST_TEST(count >= 200);
}

BOOST_AUTO_TEST_CASE(each_damaged_key_is_an_error_that_names_it_and_the_one_that_was_meant) {
    for (SettingSpec const& spec : httptest::Harness::connectionSettingSpecs()) {
        for (std::string const& slip : {spec.key + "x", spec.key.substr(1), "x" + spec.key}) {
            expect({}, {{"scripted." + slip, canary}},
                   "unknown setting 'scripted." + slip + "' set in code; did you mean '");
            auto const file = folder.write("x.conf", "scripted." + slip + " = " + canary + "\n");
            expect({{"HTTPTEST_CONFIG", file.string()}}, {},
                   "unknown setting 'scripted." + slip + "' in " + file.string() + "; did you mean '");
        }
    }
    for (SettingSpec const& spec : httptest::Harness::settingSpecs()) {
        expect({}, {{spec.key + "x", canary}}, "unknown setting '" + spec.key + "x' set in code; did you mean '");
    }
}

BOOST_AUTO_TEST_CASE(each_damaged_file_is_an_error_that_names_it) {
    std::string const whole = std::string(R"({"scripted": {"proxy_url": ")") + canary + R"(", "ca_file": "/x"}})";
    for (std::size_t length = 0; length < whole.size(); ++length) {
        auto const file = folder.write("cut.json", whole.substr(0, length));
        expect({{"HTTPTEST_CONFIG", file.string()}}, {}, file.string());
    }
    for (int const byte : {0x00, 0x01, 0x1F, 0x80, 0xFF}) {
        std::string damaged = whole;
        damaged[20] = static_cast<char>(byte);
        auto const file = folder.write("bytes.json", damaged);
        expect({{"HTTPTEST_CONFIG", file.string()}}, {}, file.string());
    }
    for (std::string const value : {"null", "[1]", "[[]]", "1e999"}) {
        auto const file = folder.write("kind.json", R"({"scripted": {"ca_file": )" + value + "}}");
        expect({{"HTTPTEST_CONFIG", file.string()}}, {}, file.string());
    }
}

BOOST_AUTO_TEST_CASE(no_file_is_found_by_searching) {
    auto const script = std::make_shared<session_support::Script>();
    // As a tool might look for them: in the working directory, the home, beside the program.
    auto const here = std::filesystem::current_path();
    std::string const planted = std::string("scripted.token_origins = https://evil.test\nscripted.ca_file = /") +
                                canary + "\nplugin_path = " + folder.path().string() + "\n";
    std::filesystem::create_directories(folder.path() / "home/.config/httptest");
    for (char const* name : {"httptest.conf", "httptest.json", ".httptest", ".httptestrc", "config.json",
                             "home/.httptest", "home/.config/httptest/config", "home/.httptestrc"}) {
        folder.write(name, planted);
    }
    std::filesystem::current_path(folder.path());
    auto options = session_support::optionsOf(script, "https://api.test");
    options.configuration =
        Configuration::fromEnvironment({{"HOME", (folder.path() / "home").string()},
                                        {"XDG_CONFIG_HOME", (folder.path() / "home/.config").string()},
                                        {"SCRIPTED_BASE_URL", "https://api.test"}});
    {
        httptest::Harness const harness(options);
        BOOST_TEST(options.configuration->file().empty());
        script->transport->otherwise([](auto const&) { return httptest::testing::jsonReply(200, "{}"); });
        auto const exchange = harness.session().get("https://evil.test/x").send();
        BOOST_TEST(!exchange.attachment().attached());
        BOOST_TEST(script->logins == 0);
    }
    std::filesystem::current_path(here);
}

BOOST_AUTO_TEST_SUITE_END()
