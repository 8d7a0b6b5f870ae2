#include <httptest/providers.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace {

using httptest::PluginFile;
using httptest::Providers;

std::string const testPlugins = HTTPTEST_TEST_PLUGINS;

std::vector<PluginFile> named(std::vector<PluginFile> all, std::string const& name) {
    std::erase_if(all, [&](PluginFile const& plugin) { return plugin.name != name; });
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(PluginLibraries)

BOOST_AUTO_TEST_CASE(those_that_can_be_used_and_those_that_cannot_are_listed) {
    Providers providers(testPlugins);
    auto const all = providers.libraries();
    auto const good = named(all, "good_example");
    BOOST_REQUIRE(good.size() == 1U);
    BOOST_TEST(good[0].file == testPlugins + "/libhttptest-good_example.so");
    BOOST_TEST(good[0].problem.empty(), good[0].problem);
    BOOST_TEST(good[0].marker.starts_with("abi=1 "), good[0].marker);
    auto const wrong = named(all, "wrong_abi");
    BOOST_REQUIRE(wrong.size() == 1U);
    BOOST_TEST(wrong[0].problem.find("binary interface") != std::string::npos, wrong[0].problem);
    BOOST_TEST(!wrong[0].marker.starts_with("abi=1 "), wrong[0].marker);
    auto const none = named(all, "not_a_plugin");
    BOOST_REQUIRE(none.size() == 1U);
    BOOST_TEST(none[0].marker.empty());
}

BOOST_AUTO_TEST_CASE(an_earlier_one_hides_a_later_one_of_its_name) {
    httptest::testing::TemporaryFolder const folder;
    folder.write("libhttptest-good_example.so", "");
    Providers providers(folder.path().string() + ":" + testPlugins);
    auto const both = named(providers.libraries(), "good_example");
    BOOST_REQUIRE(both.size() == 2U);
    BOOST_TEST(!both[0].shadowed);
    BOOST_TEST(both[1].shadowed);
}

BOOST_AUTO_TEST_CASE(other_files_are_left_alone) {
    httptest::testing::TemporaryFolder const folder;
    for (char const* const name : {"libhttptest-.so", "libhttptest-UPPER.so", "libhttptest-x.so.1", "libother.so"}) {
        folder.write(name, "");
    }
    Providers providers(folder.path().string());
    auto const all = providers.libraries();
    BOOST_TEST(std::none_of(all.begin(), all.end(),
                            [&](PluginFile const& plugin) { return plugin.file.starts_with(folder.path().string()); }));
}

BOOST_AUTO_TEST_CASE(the_one_that_would_be_loaded_is_named_without_loading_it) {
    Providers const providers(testPlugins);
    BOOST_TEST(providers.library("wrong_abi").file == testPlugins + "/libhttptest-wrong_abi.so");
    BOOST_TEST(providers.library("nowhere").file.empty());
}

BOOST_AUTO_TEST_SUITE_END()
