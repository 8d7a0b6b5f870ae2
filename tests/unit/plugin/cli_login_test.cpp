#include "base64.hpp"
#include "login_fixture.hpp"
#include "secret_search.hpp"

#include <httptest/testing/temporary_folder.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>

using namespace std::chrono_literals;
using namespace runai::testing;
using httptest::testing::TemporaryFolder;

namespace {

constexpr auto planeOfFixture = R"({"control_plane": {"url": "https://cp.example:443/"}, "cluster": {"uuid": "u"}})";

/// The tool's folder, and a source that reads it.
struct CliFixture {
    TemporaryFolder folder;
    LoginFixture login{{{"RUNAI_BASE_URL", "https://cp.example"}, {"RUNAI_CLI_CONFIG_PATH", folder.path().string()}}};

    CliFixture() { writePlane(planeOfFixture); }

    void writePlane(std::string const& content) const { folder.write("config.json", content); }
    void writeAuthentication(std::string const& content) const { folder.write("authentication.json", content); }
    void writeToken(std::string const& token) const {
        writeAuthentication(R"({"accessToken": ")" + base64(token) + R"(", "refreshToken": "x"})");
    }

    std::string error() {
        LoginResult const result = login.login();
        BOOST_TEST(result.outcome == Outcome::misconfigured, nameOf(result.outcome) << result.text);
        BOOST_TEST(login.transport.requestCount() == 0U);
        return result.text;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(cli_login)

BOOST_AUTO_TEST_CASE(uses_the_token_that_the_tool_keeps_and_the_one_that_it_renews) {
    CliFixture fixture;
    std::string const first = fixture.login.jwtEndingIn(600s, "first");
    std::string const second = fixture.login.jwtEndingIn(600s, "second");
    fixture.writeToken(first);
    std::string const version = fixture.login.source->credentialVersion();
    LoginResult const result = fixture.login.login();
    BOOST_TEST(result.token.accessToken.reveal() == first, result.text);
    BOOST_TEST((result.token.expiresIn <= 600s && result.token.expiresIn >= 599s));
    BOOST_TEST(result.token.refreshToken.empty());

    fixture.writeToken(second);
    BOOST_TEST(fixture.login.source->credentialVersion() != version);
    BOOST_TEST(fixture.login.login().token.accessToken.reveal() == second);
    BOOST_TEST(fixture.login.transport.requestCount() == 0U);
    BOOST_TEST(fixture.login.source->describe() == "cli login of " + fixture.folder.path().string() +
                                                       " at https://cp.example/, by cli_config_path "
                                                       "(RUNAI_CLI_CONFIG_PATH)");
}

BOOST_AUTO_TEST_CASE(a_token_for_another_control_plane_is_not_used) {
    CliFixture fixture;
    fixture.writeToken(fixture.login.jwtEndingIn(600s));
    for (std::string const origin : {"https://other.example", "http://cp.example", "https://cp.example:8443"}) {
        fixture.writePlane(R"({"control_plane": {"url": ")" + origin + R"(/x"}})");
        std::string const error = fixture.error();
        for (std::string const& part : {origin, std::string("base_url (RUNAI_BASE_URL) is https://cp.example/"),
                                        (fixture.folder.path() / "config.json").string()}) {
            BOOST_TEST(contains(error, part), error);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_malformed_folder_names_the_file_and_the_remedy) {
    struct Row {
        char const* file;
        std::string content;
        char const* words;
    };
    for (Row const& row : {
             Row{"config.json", "{", "is no JSON"},
             Row{"config.json", "[]", "names no control plane"},
             Row{"config.json", "{}", "names no control plane"},
             Row{"config.json", R"({"control_plane": {"url": 7}})", "names no control plane"},
             Row{"config.json", R"({"control_plane": "https://cp.example"})", "names no control plane"},
             Row{"config.json", R"({"control_plane": {"url": "cp.example"}})", "is no URL ('cp.example')"},
             Row{"config.json", std::string(65UL * 1024, ' '), "is over 64 KiB"},
             Row{"authentication.json", "", "is empty"},
             Row{"authentication.json", R"({"accessToken": "YW)", "cut short"},
             Row{"authentication.json", "[]", "no object"},
             Row{"authentication.json", "{}", "holds no accessToken"},
             Row{"authentication.json", R"({"accessToken": 7})", "holds no accessToken"},
             Row{"authentication.json", R"({"accessToken": ""})", "holds no accessToken"},
             Row{"authentication.json", R"({"accessToken": "a.b.c"})", "no JWT in base64"},
             Row{"authentication.json", R"({"accessToken": "b3BhcXVl"})", "no JWT in base64"},
         }) {
        CliFixture fixture;
        fixture.writeToken(fixture.login.jwtEndingIn(600s));
        fixture.folder.write(row.file, row.content);
        std::string const error = fixture.error();
        BOOST_TEST(contains(error, row.words), row.content << ": " << error);
        BOOST_TEST(contains(error, (fixture.folder.path() / row.file).string()), error);
    }
}

BOOST_AUTO_TEST_CASE(missing_files_and_a_token_at_its_end_ask_for_a_login) {
    CliFixture fixture;
    BOOST_TEST(contains(fixture.error(), "authentication.json': No such file or directory; log in with the runai"));
    fixture.writeToken(fixture.login.jwtEndingIn(-2h));
    BOOST_TEST(contains(fixture.error(), "authentication.json' ended 2 h ago: log in with the runai"));
    std::filesystem::remove(fixture.folder.path() / "config.json");
    BOOST_TEST(contains(fixture.error(), "config.json': No such file or directory; log in with the runai"));
}

BOOST_AUTO_TEST_CASE(the_folder_is_below_home_where_nothing_else_is_set) {
    char const* const home = std::getenv("HOME");
    BOOST_TEST_REQUIRE(home != nullptr);
    LoginFixture const fixture({{"RUNAI_BASE_URL", "https://cp.example"}, {"RUNAI_CREDENTIALS", "cli"}});
    BOOST_TEST(fixture.source->describe() == "cli login of " + std::string(home) + "/.runai at https://cp.example/");
}

BOOST_AUTO_TEST_CASE(without_home_the_folder_must_be_named) {
    std::string const home = std::getenv("HOME");
    ::unsetenv("HOME");
    std::string text;
    try {
        LoginFixture const fixture({{"RUNAI_BASE_URL", "https://cp.example"}, {"RUNAI_CREDENTIALS", "cli"}});
    } catch (httptest::Misconfigured const& error) {
        text = error.what();
    }
    ::setenv("HOME", home.c_str(), 1);
    BOOST_TEST(contains(text, "HOME is not set: set RUNAI_CLI_CONFIG_PATH"), text);
}

BOOST_AUTO_TEST_CASE(base64_of_both_alphabets_is_decoded_and_nothing_else) {
    for (auto const& [encoded, decoded] :
         {std::pair{"", ""}, std::pair{"YQ==", "a"}, std::pair{"YQ", "a"}, std::pair{"YWI=", "ab"},
          std::pair{"YWJj", "abc"}, std::pair{"+/-_", "\xFB\xFF\xBF"}}) {
        BOOST_TEST(runai::fromBase64(encoded).value_or("refused") == decoded, encoded);
    }
    for (char const* text : {"a", "abcde", "ab.d", "ab d", "ab=d", "YQ==="}) {
        BOOST_TEST(!runai::fromBase64(text).has_value(), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
