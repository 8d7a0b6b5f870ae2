#include "support/contains.hpp"

#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/providers.hpp>
#include <httptest/testing/scripted_transport.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using httptest::PluginError;
using httptest::Providers;
using httptest::testing::TemporaryFolder;

std::string const pluginFolder = HTTPTEST_TEST_PLUGINS;

std::string fileOf(std::string const& name) {
    return pluginFolder + "/libhttptest-" + name + ".so";
}

std::string loadingError(std::string const& name, std::string const& path = pluginFolder) {
    Providers providers(path);
    try {
        providers.find(name);
    } catch (PluginError const& error) {
        return error.what();
    }
    return {};
}

class EmptyFactory final : public httptest::ProviderFactory {
public:
    explicit EmptyFactory(std::string name) : name_(std::move(name)) {}

    std::string name() const override { return name_; }
    std::vector<httptest::SettingSpec> settings() const override { return {}; }
    std::unique_ptr<httptest::AuthProvider> create(httptest::ProviderContext const&) const override { return nullptr; }

private:
    std::string name_;
};

httptest::HarnessOptions optionsFor(std::string const& provider,
                                    std::shared_ptr<httptest::testing::ScriptedTransport> transport) {
    httptest::HarnessOptions options;
    options.configuration = httptest::Configuration()
                                .set("provider", provider)
                                .set("plugin_path", pluginFolder)
                                .set(provider + ".base_url", "https://api.test")
                                .set(provider + ".token", "token-from-a-setting");
    options.transport = std::move(transport);
    return options;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers)

BOOST_AUTO_TEST_CASE(a_plugin_is_found_by_name_and_only_loaded_once) {
    Providers providers(pluginFolder);
    auto const factory = providers.find("good_example");
    BOOST_TEST(factory->name() == "good_example");
    BOOST_TEST(factory->settings().at(0).key == "token");
    BOOST_TEST((providers.find("good_example") == factory));
    BOOST_TEST(Providers(pluginFolder).find("good_example")->name() == "good_example");
    BOOST_TEST(Providers(pluginFolder).find("good_example")->version() == "1.2");
}

BOOST_AUTO_TEST_CASE(a_plugin_serves_a_harness_and_may_outlive_its_providers_object) {
    auto const transport = std::make_shared<httptest::testing::ScriptedTransport>(httptest::systemClock());
    transport->reply(httptest::testing::jsonReply(200, "{}"));
    httptest::Harness const harness(optionsFor("good_example", transport));
    BOOST_TEST(harness.session().get("/x").send().status() == 200);
    httptest::Request const request = transport->requests().at(0);
    BOOST_TEST_REQUIRE(request.headers.has("Authorization"));
    BOOST_TEST(*request.headers.find("Authorization") == "Bearer token-from-a-setting");
}

BOOST_AUTO_TEST_CASE(each_broken_plugin_is_named_with_what_is_wrong_and_what_to_do) {
    struct Row {
        std::string name;
        std::vector<std::string> texts;
    };
    std::vector<Row> const rows = {
        {"not_a_plugin", {"no httptest plugin marker", "HTTPTEST_PLUGIN(Factory)"}},
        {"wrong_abi", {"SDK binary interface 999", "this SDK is 1", "rebuild the plugin"}},
        {"debug_mode", {"_GLIBCXX_DEBUG 1", "build both with or both without"}},
        {"missing_symbol", {"symbolThatNobodyDefines", "--no-undefined"}},
        {"no_factory", {"exports no factory", "HTTPTEST_PLUGIN(Factory)"}},
        {"no_manifest", {"Poco's class loader refuses it", "HTTPTEST_PLUGIN(Factory) once"}},
        {"throwing_factory", {"constructor threw", "the factory's constructor gave up"}},
        {"wrong_name", {"'another_name'", "'wrong_name'", "rename one"}},
    };
    for (auto const& [name, texts] : rows) {
        BOOST_TEST_CONTEXT(name) {
            std::string const refusal = loadingError(name);
            BOOST_TEST(contains(refusal, "cannot use plugin " + fileOf(name)), refusal);
            for (std::string const& text : texts) {
                BOOST_TEST(contains(refusal, text), refusal);
            }
            BOOST_TEST(loadingError(name) == refusal, "the second time it is another error: " << loadingError(name));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_factory_that_throws_anything_is_an_error_that_names_the_plugins_file) {
    auto const transport = std::make_shared<httptest::testing::ScriptedTransport>(httptest::systemClock());
    BOOST_CHECK_EXCEPTION(httptest::Harness(optionsFor("throwing_create", transport)), PluginError,
                          [](PluginError const& error) {
                              std::string const text = error.what();
                              BOOST_TEST_MESSAGE(text);
                              return contains(text, fileOf("throwing_create")) && contains(text, "no std::exception") &&
                                     contains(text, "fault of the plugin");
                          });
}

BOOST_AUTO_TEST_CASE(a_factory_that_makes_no_provider_is_a_fault_of_its_plugin) {
    auto const transport = std::make_shared<httptest::testing::ScriptedTransport>(httptest::systemClock());
    BOOST_CHECK_EXCEPTION(httptest::Harness(optionsFor("null_provider", transport)), PluginError,
                          [](PluginError const& error) {
                              return contains(error.what(), fileOf("null_provider")) &&
                                     contains(error.what(), "made no provider; this is a fault of the plugin");
                          });
}

BOOST_AUTO_TEST_CASE(a_missing_plugin_lists_every_file_that_was_tried_and_the_search_path) {
    std::string const refusal = loadingError("absent", "/first::/second:");
    BOOST_TEST(contains(refusal, "no auth provider 'absent'"), refusal);
    BOOST_TEST(contains(refusal, "\n  /first/libhttptest-absent.so\n  /second/libhttptest-absent.so\n"), refusal);
    BOOST_TEST(contains(refusal, "/httptest-plugins/libhttptest-absent.so"), refusal);
    BOOST_TEST(contains(refusal, "HTTPTEST_PLUGIN_PATH"), refusal);
    BOOST_TEST(contains(refusal, "(now '/first::/second:')"), refusal);
    BOOST_TEST(!contains(loadingError("absent", ""), "(now"));
}

BOOST_AUTO_TEST_CASE(relative_folders_are_made_absolute) {
    BOOST_TEST(contains(loadingError("absent", "some/folder"),
                        (std::filesystem::current_path() / "some/folder/libhttptest-absent.so").string()));
}

BOOST_AUTO_TEST_CASE(the_first_folder_that_has_the_file_wins_even_when_it_is_broken) {
    TemporaryFolder const folder;
    std::string const broken = folder.write("libhttptest-good_example.so", "no library at all").string();
    BOOST_TEST(contains(loadingError("good_example", folder.path().string() + ":" + pluginFolder),
                        "cannot use plugin " + broken));
    BOOST_TEST(loadingError("good_example", pluginFolder + ":" + folder.path().string()).empty());
    BOOST_TEST(loadingError("good_example", "/nowhere:" + pluginFolder).empty());
}

BOOST_AUTO_TEST_CASE(files_that_are_no_libraries_are_refused_before_they_are_mapped) {
    TemporaryFolder const folder;
    folder.write("libhttptest-empty.so", "");
    folder.write("libhttptest-text.so", "#!/bin/sh\n");
    folder.write("libhttptest-forged.so", "httptest-plugin abi=1 cxx11_abi=1 debug=0 poco=none;");
    folder.write("libhttptest-cut.so", "httptest-plugin abi=1");
    folder.write("libhttptest-old_poco.so", "httptest-plugin abi=1 cxx11_abi=1 debug=0 poco=0x01000000;");
    std::filesystem::create_directory(folder.path() / "libhttptest-folder.so");
    std::filesystem::create_symlink("/nowhere", folder.path() / "libhttptest-dangling.so");
    ::mkfifo((folder.path() / "libhttptest-pipe.so").c_str(), 0600);
    std::string const path = folder.path().string();
    BOOST_TEST(contains(loadingError("empty", path), "no httptest plugin marker"));
    BOOST_TEST(contains(loadingError("text", path), "no httptest plugin marker"));
    BOOST_TEST(contains(loadingError("forged", path), "the dynamic loader refuses it"));
    BOOST_TEST(contains(loadingError("cut", path), "cannot use plugin"));
    BOOST_TEST(contains(loadingError("old_poco", path), "it was built with Poco 0x01000000, this SDK with 0x01"));
    BOOST_TEST(contains(loadingError("folder", path), "no regular file"));
    BOOST_TEST(contains(loadingError("pipe", path), "no regular file"));
    BOOST_TEST(contains(loadingError("dangling", path), path + "/libhttptest-dangling.so"));
    if (::geteuid() != 0) {
        std::filesystem::permissions(folder.write("libhttptest-locked.so", "x"), std::filesystem::perms::none);
        BOOST_TEST(contains(loadingError("locked", path), "cannot be read"));
    }
}

BOOST_AUTO_TEST_CASE(names_cannot_leave_the_folder) {
    for (std::string const name : {"", "../good_example", "a/b", "Good", "a-b", "a b", "a.b", "a\n"}) {
        BOOST_TEST(contains(loadingError(name), "lower-case letters, digits and '_'"), name);
    }
}

BOOST_AUTO_TEST_CASE(a_factory_registered_in_code_wins_over_a_library) {
    Providers providers(pluginFolder);
    auto const mine = std::make_shared<EmptyFactory>("good_example");
    providers.add(mine);
    BOOST_TEST((providers.find("good_example") == mine));
    auto const broken = std::make_shared<EmptyFactory>("wrong_abi");
    providers.add(broken);
    BOOST_TEST((providers.find("wrong_abi") == broken));
    auto const later = std::make_shared<EmptyFactory>("wrong_abi");
    providers.add(later);
    BOOST_TEST((providers.find("wrong_abi") == later));
}

BOOST_AUTO_TEST_CASE(a_factory_with_a_bad_name_or_none_at_all_is_refused) {
    Providers providers;
    BOOST_CHECK_THROW(providers.add(std::make_shared<EmptyFactory>("Bad-Name")), httptest::Misconfigured);
    BOOST_CHECK_THROW(providers.add(nullptr), httptest::Misconfigured);
}

BOOST_AUTO_TEST_SUITE_END()
