#include "support/contains.hpp"

#include <httptest/configuration.hpp>
#include <httptest/error.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace {

using httptest::Configuration;
using httptest::Misconfigured;
using httptest::SettingKind;
using httptest::Settings;
using httptest::SettingSpec;
using httptest::testing::TemporaryFolder;

std::vector<SettingSpec> const specs = {
    {"base_url", SettingKind::url},
    {"client_id", SettingKind::text},
    {"client_secret", SettingKind::secret},
    {"token_api", SettingKind::choice, "auto", "", {"auto", "v1", "v2"}},
    {"retries", SettingKind::integer, "4", "", {}, 1, 10},
    {"timeout_ms", SettingKind::milliseconds, "1000", "", {}, 1, 5000},
    {"loud", SettingKind::boolean, "false"},
    {"ca_file", SettingKind::path},
};

std::string refusal(std::function<void()> const& action) {
    try {
        action();
    } catch (Misconfigured const& error) {
        return error.what();
    }
    return {};
}

Configuration withFile(std::filesystem::path const& file, Configuration::Environment environment = {}) {
    environment["HTTPTEST_CONFIG"] = file.string();
    return Configuration::fromEnvironment(std::move(environment));
}

std::string refusalOfFile(std::string const& name, std::string const& content) {
    TemporaryFolder const folder;
    auto const file = folder.write(name, content);
    return refusal([&] {
        Configuration const configuration = withFile(file);
        configuration.refuseUnknownKeys({{"runai", specs}});
        configuration.resolve("runai", specs);
    });
}

std::string refusalOfValue(std::string const& key, std::string const& value) {
    return refusal([&] { Configuration().set("runai." + key, value).resolve("runai", specs); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(configuration)

BOOST_AUTO_TEST_CASE(code_goes_before_environment_before_file_before_default) {
    TemporaryFolder const folder;
    auto const file = folder.write("x.conf", "runai.token_api = v1\nrunai.retries = 2\nrunai.client_id = from-file\n");
    Configuration configuration = withFile(file, {{"RUNAI_RETRIES", "3"}, {"RUNAI_CLIENT_ID", "from-environment"}});
    configuration.set("runai.client_id", "from-code");
    Settings const settings = configuration.resolve("runai", specs);
    BOOST_TEST(settings.text("client_id") == "from-code");
    BOOST_TEST(settings.where("client_id") == "key 'runai.client_id' set in code");
    BOOST_TEST(settings.integer("retries") == 3);
    BOOST_TEST(settings.where("retries") == "environment variable RUNAI_RETRIES");
    BOOST_TEST(settings.text("token_api") == "v1");
    BOOST_TEST(settings.where("token_api") == "key 'runai.token_api' of " + file.string());
    BOOST_TEST((settings.source("token_api") == Settings::Source::file));
    BOOST_TEST(settings.milliseconds("timeout_ms").count() == 1000);
    BOOST_TEST(settings.where("timeout_ms") == "default");
    BOOST_TEST(!settings.has("base_url"));
    BOOST_TEST(configuration.file() == file.string());
}

BOOST_AUTO_TEST_CASE(a_missing_setting_says_how_to_set_it) {
    Settings const settings = Configuration().resolve("runai", specs);
    std::string const text = refusal([&] { settings.text("client_id"); });
    BOOST_TEST(contains(text, "RUNAI_CLIENT_ID"));
    BOOST_TEST(contains(text, "'runai.client_id'"));
    BOOST_TEST(httptest::variableName("", "provider") == "HTTPTEST_PROVIDER");
    BOOST_TEST(httptest::variableName("identity.a-b", "client_id") == "IDENTITY_A_B_CLIENT_ID");
}

BOOST_AUTO_TEST_CASE(values_are_checked_and_refusals_name_their_source) {
    for (auto const& [key, value] :
         std::vector<std::pair<std::string, std::string>>{{"client_id", ""},
                                                          {"client_secret", ""},
                                                          {"base_url", "api.test"},
                                                          {"base_url", "https://user:pw@api.test"},
                                                          {"base_url", "https://a b"},
                                                          {"retries", "0"},
                                                          {"retries", "11"},
                                                          {"retries", "-1"},
                                                          {"retries", "4x"},
                                                          {"retries", " 4"},
                                                          {"retries", "+4"},
                                                          {"retries", "1.0"},
                                                          {"retries", "99999999999999999999"},
                                                          {"timeout_ms", "1s"},
                                                          {"timeout_ms", "0"},
                                                          {"loud", "yes"},
                                                          {"loud", "TRUE"},
                                                          {"token_api", "v3"},
                                                          {"token_api", "V1"},
                                                          {"client_id", "${CLIENT}"},
                                                          {"base_url", "https://${HOST}"},
                                                          {"ca_file", "${HOME}/ca.pem"}}) {
        BOOST_TEST_CONTEXT(key << " = '" << value << "'") {
            BOOST_TEST(contains(refusalOfValue(key, value), "key 'runai." + key + "' set in code"));
        }
    }
    BOOST_TEST(contains(refusalOfValue("token_api", "v3"), "'v3' is none of auto, v1, v2"));
    BOOST_TEST(contains(refusalOfValue("retries", "11"), "1 to 10"));
    BOOST_TEST(contains(refusalOfValue("client_id", ""), "empty"));
    BOOST_TEST(!contains(refusalOfValue("base_url", "https://user:pw@api.test"), "pw"));
    BOOST_TEST(contains(refusal([] {
                            Configuration::fromEnvironment({{"RUNAI_BASE_URL", ""}}).resolve("runai", specs);
                        }),
                        "environment variable RUNAI_BASE_URL: is set but empty"));
    BOOST_TEST(Configuration().set("runai.loud", "1").resolve("runai", specs).boolean("loud"));
    BOOST_TEST(!Configuration().set("runai.loud", "0").resolve("runai", specs).boolean("loud"));
}

BOOST_AUTO_TEST_CASE(unknown_keys_of_files_and_code_are_refused_with_a_suggestion) {
    std::string const code = refusal([] {
        Configuration().set("runai.clientid", "x").refuseUnknownKeys({{"runai", specs}});
    });
    BOOST_TEST(contains(code, "unknown setting 'runai.clientid' set in code; did you mean 'runai.client_id'?"), code);
    std::string const file = refusalOfFile("x.json", R"({"runai":{"client_secrets":"hunter2"}})");
    BOOST_TEST(contains(file, "'runai.client_secrets' in "));
    BOOST_TEST(contains(file, "did you mean 'runai.client_secret'?"));
    BOOST_TEST(!contains(file, "hunter2"));
    BOOST_TEST(contains(refusalOfFile("x.conf", "zzz = hunter2"), "known are: "));
    BOOST_TEST(refusalOfFile("x.conf", "runai.client_secret_file = /x").empty());
    BOOST_TEST(!refusalOfFile("x.conf", "runai.client_id_file = /x").empty());
}

BOOST_AUTO_TEST_CASE(unrelated_variables_are_none_of_our_business) {
    Configuration const configuration =
        Configuration::fromEnvironment({{"RUNAI_CLIENTID", ""}, {"RUNAI_JOB_NAME", "${x}"}, {"HTTPTEST_UNKNOWN", ""}});
    configuration.refuseUnknownKeys({{"runai", specs}});
    BOOST_TEST(configuration.resolve("runai", specs).text("token_api") == "auto");
}

BOOST_AUTO_TEST_CASE(secrets_are_any_bytes_or_a_file_but_not_both_on_one_level) {
    Configuration const inlined = Configuration().set("runai.client_secret", "${not} expanded \\ = #");
    BOOST_TEST(inlined.resolve("runai", specs).secret("client_secret").read().reveal() == "${not} expanded \\ = #");
    Configuration both = Configuration::fromEnvironment(
        {{"RUNAI_CLIENT_SECRET", "hunter2-hunter2"}, {"RUNAI_CLIENT_SECRET_FILE", "/run/secrets/x"}});
    std::string const text = refusal([&] { both.resolve("runai", specs); });
    BOOST_TEST(
        contains(text, "RUNAI_CLIENT_SECRET and environment variable RUNAI_CLIENT_SECRET_FILE contradict each other"),
        text);
    BOOST_TEST(!contains(text, "hunter2"));
    TemporaryFolder const folder;
    both.set("runai.client_secret_file", folder.write("secret", "from-the-file\n").string());
    BOOST_TEST(both.resolve("runai", specs).secret("client_secret").read().reveal() == "from-the-file");
    both.set("runai.client_secret_file", "");
    BOOST_TEST(contains(refusal([&] { both.resolve("runai", specs); }), "empty"));
}

BOOST_AUTO_TEST_CASE(json_files_nest_or_use_dots) {
    TemporaryFolder const folder;
    Settings const settings =
        withFile(folder.write(
                     "x.json",
                     "\xEF\xBB\xBF{ // a comment\n\"runai\": {\"client_id\": \"ci\", \"retries\": 5, \"loud\": true},"
                     " \"runai.token_api\": \"v2\"}"))
            .resolve("runai", specs);
    BOOST_TEST(settings.text("client_id") == "ci");
    BOOST_TEST(settings.integer("retries") == 5);
    BOOST_TEST(settings.boolean("loud"));
    BOOST_TEST(settings.text("token_api") == "v2");
}

BOOST_AUTO_TEST_CASE(json_lists_are_joined_as_the_setting_has_them) {
    std::vector<SettingSpec> const lists = {{"origins", SettingKind::list}, {"folders", SettingKind::pathList}};
    TemporaryFolder const folder;
    Settings const settings =
        withFile(folder.write("x.json", R"({"runai": {"origins": ["a", "b:1"], "folders": ["/a", "/b,c"]}})"))
            .resolve("runai", lists);
    BOOST_TEST(settings.text("origins") == "a,b:1");
    BOOST_TEST(settings.text("folders") == "/a:/b,c");
    for (char const* bad : {R"({"runai.folders": ["/a:/b"]})", R"({"runai.origins": [""]})", R"({"runai.origins": []})",
                            R"({"runai.origins": ["a,b"]})"}) {
        auto const file = folder.write("bad.json", bad);
        BOOST_TEST(contains(refusal([&] { withFile(file).resolve("runai", lists); }), "bad.json: "), bad);
    }
    BOOST_TEST(contains(refusalOfFile("x.json", R"({"runai": {"client_id": ["a"]}})"), "this setting is one value"));
}

BOOST_AUTO_TEST_CASE(aliases_mean_the_same_and_must_not_disagree_on_one_level) {
    std::vector<SettingSpec> const aliased = {
        {.key = "base_url", .kind = SettingKind::url, .aliases = {"url", "control_plane_url"}}};
    auto const resolved = [&](Configuration::Environment const& environment) {
        return Configuration::fromEnvironment(environment).resolve("runai", aliased);
    };
    Settings const settings = resolved({{"RUNAI_CONTROL_PLANE_URL", "https://a.test"}});
    BOOST_TEST(settings.text("base_url") == "https://a.test");
    BOOST_TEST(settings.where("base_url") == "environment variable RUNAI_CONTROL_PLANE_URL");
    BOOST_TEST(resolved({{"RUNAI_URL", "https://a.test"}, {"RUNAI_BASE_URL", "https://a.test"}}).has("base_url"));
    std::string const text = refusal([&] {
        resolved({{"RUNAI_URL", "https://a.test"}, {"RUNAI_BASE_URL", "https://b.test"}});
    });
    BOOST_TEST(contains(text, "RUNAI_BASE_URL and environment variable RUNAI_URL mean the same setting and differ"),
               text);
    auto code = Configuration::fromEnvironment({{"RUNAI_URL", "https://a.test"}});
    code.set("runai.base_url", "https://b.test").refuseUnknownKeys({{"runai", aliased}});
    BOOST_TEST(code.resolve("runai", aliased).text("base_url") == "https://b.test");
    BOOST_TEST(refusal([&] { Configuration().set("runai.url", "x").refuseUnknownKeys({{"runai", aliased}}); }).empty());
}

BOOST_AUTO_TEST_CASE(near_misses_of_identities_are_noticed_too) {
    std::vector<SettingSpec> const with = {{.key = "client_id", .credential = true},
                                           {.key = "client_secret", .kind = SettingKind::secret, .credential = true}};
    auto const notices = Configuration::fromEnvironment({{"RUNAI_RESEARCHER_CLIENTID", "x"},
                                                         {"RUNAI_CLIENTSECRET_FILE", "x"},
                                                         {"RUNAI_RESEARCHER_CLIENT_SECRET_FILE", "x"},
                                                         {"RUNAI_CLI_CONFIG_PATH", "x"},
                                                         {"RUNAI_", "x"},
                                                         {"RUNAI__", "x"}})
                             .suspiciousVariables({{"runai", with}});
    BOOST_REQUIRE(notices.size() == 2U);
    BOOST_TEST(contains(notices[0], "did you mean RUNAI_CLIENT_SECRET_FILE?"));
    BOOST_TEST(contains(notices[1], "did you mean RUNAI_RESEARCHER_CLIENT_ID?"));
}

BOOST_AUTO_TEST_CASE(malformed_json_is_refused_with_its_line_and_without_its_content) {
    struct Row {
        std::string content;
        std::string text;
    };
    std::string deep;
    for (int i = 0; i < 100'000; ++i) {
        deep.append("{\"a\":");
    }
    for (auto const& [content, text] : std::vector<Row>{
             {"{\"runai\": {\n\"client_id\": \"x\",\n\"client_secret\": hunter2\n}}", "line 3"},
             {"{\"runai.client_secret\": \"hunter2", "line 1"},
             {"", "line 1"},
             {"[\"hunter2\"]", "must hold a JSON object"},
             {"\"hunter2\"", "must hold a JSON object"},
             {"{\"runai.retries\": 1e999}", "number out of range"},
             {"{\"runai.client_id\": \"hunter2\xff\"}", "is no JSON"},
             {"{\"runai.client_id\": null}", "neither text, number"},
             {"{\"runai.client_id\": [\"hunter2\"]}", "is a list"},
             {"{\"runai.client_id\": [\"hunter2\", 1]}", "neither text, number"},
             {"{\"runai.client_id\": \"hunter2\", \"runai.client_id\": \"x\"}", "'runai.client_id' stands twice"},
             {"{\"runai\":{\"client_id\": \"hunter2\"}, \"runai.client_id\": \"x\"}", "'runai.client_id' stands twice"},
             {"{\"runai\":{\"client_id\":\"a\"},\"runai\":{}}", "'runai' stands twice"},
             {"{} hunter2", "is no JSON"},
             {deep, "nested deeper"},
             {"{\"\": \"hunter2\"}", "a key of"},
             {"{\"runai\": {\"\": \"hunter2\"}}", "is empty"},
             {"{\"runai.retries\": 1.0}", "no whole number"},
             {"{\"runai.client_id\": \"\"}", "empty"},
         }) {
        BOOST_TEST_CONTEXT(content.substr(0, 60)) {
            std::string const refused = refusalOfFile("x.json", content);
            BOOST_TEST(contains(refused, text), refused);
            BOOST_TEST(contains(refused, "x.json"), refused);
            BOOST_TEST(!contains(refused, "hunter2"), refused);
        }
    }
}

BOOST_AUTO_TEST_CASE(lines_are_keys_and_values_taken_as_they_stand) {
    TemporaryFolder const folder;
    Configuration const configuration =
        withFile(folder.write("x.properties",
                              "\xEF\xBB\xBF# comment\r\n! another\r\n\r\n  runai.client_id =  a = b \\n ${\\x}  "
                              "\r\nrunai.client_secret=back\\slash ${x} # no comment"));
    BOOST_TEST(contains(refusal([&] { configuration.resolve("runai", specs); }), "holds a '${'"));
    BOOST_TEST(configuration.resolve("runai", {specs[2]}).secret("client_secret").read().reveal() ==
               "back\\slash ${x} # no comment");
}

BOOST_AUTO_TEST_CASE(malformed_lines_are_refused_with_their_number_and_without_their_content) {
    for (auto const& [content, text] : std::vector<std::pair<std::string, std::string>>{
             {"# x\nrunai.client_secret hunter2", "line 2: expected `key = value`"},
             {"\n\n= hunter2", "line 3"},
             {"runai.client_id = a\nrunai.client_id = hunter2", "line 2: key 'runai.client_id' stands twice"},
             {"runai.client_secret = -----BEGIN\nhunter2/hunter2+hunter2==", "line 2"},
             {"hunter2 hunter2 = x", "line 1"},
         }) {
        std::string const refused = refusalOfFile("x.conf", content);
        BOOST_TEST(contains(refused, text), refused);
        BOOST_TEST(!contains(refused, "hunter2"), refused);
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_an_error_that_says_why) {
    TemporaryFolder const folder;
    BOOST_TEST(contains(refusal([&] { withFile(folder.path() / "absent"); }), "No such file"));
    BOOST_TEST(contains(refusal([&] { withFile(folder.path()); }), "directory"));
    auto const huge = folder.write("huge", std::string(1024 * 1024 + 1, '\n'));
    BOOST_TEST(contains(refusal([&] { withFile(huge); }), "over 1 MiB"));
    withFile(folder.write("just", std::string(1024 * 1024, '\n')));
    BOOST_TEST(contains(refusal([] {
                            Configuration::fromEnvironment({{"HTTPTEST_CONFIG", ""}});
                        }),
                        "HTTPTEST_CONFIG is set but empty"));
}

BOOST_AUTO_TEST_SUITE_END()
