#include "plane_fixture.hpp"
#include "support/contains.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <ostream>
#include <string>

namespace {

struct Misuse {
    std::vector<std::string> arguments;
    char const* told;
};

std::ostream& operator<<(std::ostream& stream, Misuse const& misuse) {
    return stream << misuse.told;
}

Misuse const misuses[] = {
    {{}, "no command given"},
    {{"docter"}, "unknown command 'docter'; did you mean 'doctor'?"},
    {{"--verson"}, "unknown option --verson; did you mean '--version'?"},
    {{"doctor", "--jsn"}, "unknown option --jsn; did you mean '--json'?"},
    {{"doctor", "extra"}, "unexpected argument 'extra'"},
    {{"doctor", "--for", "soon"}, "--for takes a duration"},
    {{"doctor", "--timeout"}, "--timeout needs a value"},
    {{"request", "GET"}, "it needs more: httptest request METHOD PATH"},
    {{"request", "GET", "/x", "--data", ""}, "--data needs a value"},
    {{"request", "GET", "/x", "--data", "@/nonexistent"}, "--data: cannot read '/nonexistent'"},
    {{"request", "GET", "/x", "-H", "nonsense"}, "--header takes 'Name: value'"},
    {{"request", "GET", "no-slash"}, "must begin with '/'"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(Commands)

BOOST_DATA_TEST_CASE_F(PlaneFixture, a_wrong_command_line_ends_with_2_and_says_why,
                       boost::unit_test::data::make(misuses), misuse) {
    Ended const ended = run(misuse.arguments);
    BOOST_TEST(ended.exitCode == 2);
    BOOST_TEST(ended.output.empty(), ended.output);
    BOOST_TEST(contains(ended.errors, misuse.told), ended.errors);
    BOOST_TEST(contains(ended.errors, "--help"), ended.errors);
}

BOOST_FIXTURE_TEST_CASE(the_version_and_the_manual_need_no_configuration, PlaneFixture) {
    variables.clear();
    BOOST_TEST(run({"--version"}).output.starts_with("httptest "));
    Ended const manual = run({"--help"});
    BOOST_TEST(manual.exitCode == 0);
    for (char const* const command : {"doctor", "token", "request", "plugins", "config", "store", "sweep"}) {
        BOOST_TEST(contains(manual.output, command));
        Ended const own = run({command, "--help"});
        BOOST_TEST(own.exitCode == 0);
        BOOST_TEST(own.output == run({"help", command}).output);
        for (char const* const part : {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "EXAMPLES"}) {
            BOOST_TEST(contains(own.output, std::string(part) + "\n"), command << " says nothing of " << part);
        }
    }
}

BOOST_FIXTURE_TEST_CASE(a_token_is_printed_to_a_pipe, PlaneFixture) {
    Ended const token = run({"token"});
    BOOST_TEST(token.exitCode == 0);
    BOOST_TEST((token.output == plane.newestToken() + "\n"));
    Ended const header = run({"token", "--header"});
    BOOST_TEST((header.output == "Authorization: Bearer " + plane.newestToken() + "\n"));
    BOOST_TEST(header.errors.empty());
}

BOOST_FIXTURE_TEST_CASE(a_token_is_printed_to_a_terminal_only_by_force, PlaneFixture) {
    Ended const refused = runCommand({"token"}, variables, Output::terminal);
    BOOST_TEST(refused.exitCode == 2);
    BOOST_TEST(refused.output.empty());
    BOOST_TEST(contains(refused.errors, "--force"), refused.errors);
    BOOST_TEST(plane.counters().loginRequests() == 0U);
    Ended const forced = runCommand({"token", "--force"}, variables, Output::terminal);
    BOOST_TEST(forced.exitCode == 0);
    BOOST_TEST(contains(forced.output, plane.newestToken()));
}

BOOST_FIXTURE_TEST_CASE(a_failed_login_is_told_without_a_secret, PlaneFixture) {
    variables["RUNAI_CLIENT_SECRET"] = "certainly-not-the-secret";
    for (char const* const command : {"token", "request"}) {
        std::vector<std::string> arguments{command};
        if (arguments[0] == "request") {
            arguments.insert(arguments.end(), {"GET", "/api/v1/clusters"});
        }
        Ended const ended = run(arguments);
        BOOST_TEST(ended.exitCode == 18);
        BOOST_TEST(ended.output.empty());
        BOOST_TEST(contains(ended.errors, "could not log in"), ended.errors);
        BOOST_TEST(!contains(ended.errors, "certainly-not-the-secret"), ended.errors);
    }
}

BOOST_FIXTURE_TEST_CASE(a_request_prints_the_body_and_says_the_status, PlaneFixture) {
    Ended const ended = run({"request", "get", "/api/v1/clusters"});
    BOOST_TEST(ended.exitCode == 0);
    BOOST_TEST(nlohmann::json::parse(ended.output)[0]["uuid"] == plane.clusterId());
    BOOST_TEST(ended.errors == "200 OK\n");
    checkNothingSecret(ended.output + ended.errors);
}

BOOST_FIXTURE_TEST_CASE(a_request_sends_a_file_and_fails_on_request, PlaneFixture) {
    nlohmann::json const project = {
        {"name", "p"}, {"clusterId", plane.clusterId()}, {"resources", {{{"gpu", {{"deserved", 0}}}}}}};
    std::string const file = folder.write("project.json", project.dump()).string();
    std::vector<std::string> const post{"request", "POST", "/api/v1/org-unit/projects", "-d", "@" + file, "--fail"};
    Ended const created = run(post);
    BOOST_TEST(created.exitCode == 0);
    BOOST_TEST(nlohmann::json::parse(created.output)["name"] == "p");
    Ended const again = run(post);
    BOOST_TEST(again.exitCode == 20);
    BOOST_TEST(again.errors == "409 Conflict\n");
    BOOST_TEST(nlohmann::json::parse(again.output)["code"] == 409);
}

BOOST_FIXTURE_TEST_CASE(a_request_shows_headers_and_the_exchange_when_asked, PlaneFixture) {
    Ended const ended = run({"request", "-i", "-v", "GET", "/api/v1/clusters", "-H", "X-Mark: 1", "-H", "X-Other:2"});
    BOOST_TEST(ended.output.starts_with("HTTP/1.1 200 OK\r\n"), ended.output);
    BOOST_TEST(contains(ended.output, "Content-Type: application/json\r\n"), ended.output);
    BOOST_TEST(contains(ended.errors, "> X-Mark: 1"), ended.errors);
    BOOST_TEST(contains(ended.errors, "> X-Other: 2"), ended.errors);
    BOOST_TEST(contains(ended.errors, "> Authorization: [redacted]"), ended.errors);
    checkNothingSecret(ended.output + ended.errors);
}

BOOST_FIXTURE_TEST_CASE(an_anonymous_request_makes_no_login, PlaneFixture) {
    Ended const ended = run({"request", "GET", "/api/v1/clusters", "--anonymous", "--fail"});
    BOOST_TEST(ended.exitCode == 20);
    BOOST_TEST(ended.errors == "401 Unauthorized\n");
    BOOST_TEST(plane.counters().loginRequests() == 0U);
}

BOOST_FIXTURE_TEST_CASE(plugins_are_listed_with_what_is_wrong_with_them, PlaneFixture) {
    folder.write("libhttptest-broken.so", "no library");
    folder.write("libhttptest-runai.so", "no library either");
    folder.write("libother.so", "");
    variables["HTTPTEST_PLUGIN_PATH"] = folder.path().string();
    Ended const ended = run({"plugins", "--json"});
    BOOST_TEST(ended.exitCode == 0);
    auto const plugins = nlohmann::json::parse(ended.output);
    BOOST_REQUIRE(plugins.size() == 3U);
    BOOST_TEST(plugins[0]["name"] == "broken");
    BOOST_TEST(plugins[0]["usable"] == false);
    BOOST_TEST(contains(plugins[0]["problem"].get<std::string>(), "no httptest plugin marker"));
    BOOST_TEST(plugins[1]["chosen"] == true);
    BOOST_TEST(plugins[1]["usable"] == false);
    BOOST_TEST(plugins[2]["name"] == "runai");
    BOOST_TEST(plugins[2]["shadowed"] == true);
    BOOST_TEST(plugins[2]["usable"] == true);
    BOOST_TEST(contains(plugins[2]["marker"].get<std::string>(), "abi=1"));
    BOOST_TEST(contains(run({"plugins"}).output, "not usable"));
}

BOOST_FIXTURE_TEST_CASE(the_configuration_is_shown_with_its_sources_and_without_secrets, PlaneFixture) {
    variables["HTTPTEST_CONFIG"] = folder.write("x.conf", "login_timeout_ms = 1234\nrunai.token_api = v2\n").string();
    variables["RUNAI_PROXY_URL"] = "http://user:the-proxys-password@127.0.0.1:1";
    for (bool const json : {false, true}) {
        Ended const ended =
            run(json ? std::vector<std::string>{"config", "--json"} : std::vector<std::string>{"config"});
        BOOST_TEST(ended.exitCode == 0);
        BOOST_TEST(contains(ended.output, "environment variable RUNAI_CLIENT_SECRET"), ended.output);
        BOOST_TEST(contains(ended.output, "key 'login_timeout_ms' of " + variables["HTTPTEST_CONFIG"]), ended.output);
        BOOST_TEST(contains(ended.output, "[secret]"), ended.output);
        BOOST_TEST(contains(ended.output, "RUNAI_APP_ID"), ended.output);
        BOOST_TEST(!contains(ended.output, "the-proxys-password"), ended.output);
        checkNothingSecret(ended.output);
    }
    BOOST_TEST(nlohmann::json::parse(run({"config", "--json"}).output).is_array());
}

BOOST_FIXTURE_TEST_CASE(output_that_goes_nowhere_is_an_error_and_no_crash, PlaneFixture) {
    for (Output const output : {Output::nobody, Output::full, Output::closed}) {
        for (std::vector<std::string> const& arguments :
             {std::vector<std::string>{"doctor"}, {"config"}, {"token"}, {"request", "GET", "/api/v1/clusters"}}) {
            Ended const ended = runCommand(arguments, variables, output);
            BOOST_TEST(ended.exitCode == 1, arguments.front() << ": " << ended.exitCode);
            BOOST_TEST(contains(ended.errors, "cannot write the output") == (output != Output::nobody), ended.errors);
        }
    }
}

BOOST_FIXTURE_TEST_CASE(colours_are_for_terminals_and_may_be_turned_off, PlaneFixture) {
    BOOST_TEST(!contains(run({"doctor"}).output, "\033["));
    BOOST_TEST(contains(runCommand({"doctor"}, variables, Output::terminal).output, "\033[32mok"));
    variables["NO_COLOR"] = "1";
    BOOST_TEST(!contains(runCommand({"doctor"}, variables, Output::terminal).output, "\033["));
}

BOOST_FIXTURE_TEST_CASE(another_identity_is_asked_for_by_its_name, PlaneFixture) {
    variables["RUNAI_RESEARCHER_CLIENT_ID"] = plane.viewerId();
    variables["RUNAI_RESEARCHER_CLIENT_SECRET"] = plane.viewerSecret();
    for (std::vector<std::string> const& arguments : std::vector<std::vector<std::string>>{
             {"request", "GET", "/api/v1/clusters", "--identity", "researcher", "--verbose"},
             {"doctor", "--identity", "researcher"},
             {"token", "--identity", "researcher"}}) {
        Ended const ended = run(arguments);
        BOOST_TEST(ended.exitCode == 0, ended.output << ended.errors);
        BOOST_TEST(plane.loginRequests().back().body.find(plane.viewerId()) != std::string::npos);
    }
    Ended const unknown = run({"request", "GET", "/api/v1/clusters", "--identity", "resercher"});
    BOOST_TEST(unknown.exitCode == 10);
    BOOST_TEST(contains(unknown.errors, "did you mean 'researcher'?"), unknown.errors);
}

BOOST_FIXTURE_TEST_CASE(the_store_is_listed_and_cleared_without_secrets, PlaneFixture) {
    variables["HTTPTEST_STATE_DIR"] = (folder.path() / "state").string();
    BOOST_TEST(contains(run({"store"}).output, "no logins are stored"));
    variables["HTTPTEST_TOKEN_STORE"] = "file";
    BOOST_TEST(run({"request", "GET", "/api/v1/clusters"}).exitCode == 0);
    Ended const doctor = run({"doctor"});
    BOOST_TEST(contains(doctor.output, "file " + variables["HTTPTEST_STATE_DIR"]), doctor.output);
    BOOST_TEST(plane.counters().loginRequests() == 1U);

    Ended const listed = run({"store"});
    BOOST_TEST(contains(listed.output, "login 1, "), listed.output);
    BOOST_TEST(contains(listed.output, "ends in "), listed.output);
    checkNothingSecret(listed.output);
    auto const json = nlohmann::json::parse(run({"store", "list", "--json"}).output);
    BOOST_REQUIRE(json.size() == 1U);
    BOOST_TEST(json[0]["number"] == 1);

    BOOST_TEST(run({"store", "clear"}).output == "1 files removed\n");
    BOOST_TEST(contains(run({"store"}).output, "no logins are stored"));
    BOOST_TEST(run({"store", "remove"}).exitCode == 2);
}

BOOST_FIXTURE_TEST_CASE(a_file_beside_the_program_or_in_its_folder_configures_nothing, PlaneFixture) {
    runai::testing::FakeControlPlane const thief;
    std::filesystem::path const beside = folder.path() / "bin";
    std::filesystem::create_directories(beside / "lib/httptest-plugins");
    std::filesystem::copy_file(HTTPTEST_COMMAND, beside / "httptest");
    std::string const planted = "runai.base_url = " + thief.url() + "\nrunai.token_origins = " + thief.url() + "\n";
    for (char const* name : {"bin/httptest.conf", "bin/.httptest", "bin/httptest.json", "bin/config.json",
                             ".httptestrc", "httptest.conf", ".config/httptest/config", ".config/httptest.conf"}) {
        std::filesystem::create_directories((folder.path() / name).parent_path());
        folder.write(name, planted);
    }
    variables["HOME"] = folder.path().string();
    Ended const ended = runProgram((beside / "httptest").string(), {"request", "GET", "/api/v1/clusters"}, variables);
    BOOST_TEST(ended.exitCode == 0, ended.errors);
    BOOST_TEST(plane.counters().requests > 0U);
    BOOST_TEST(thief.counters().requests == 0U);
}

BOOST_FIXTURE_TEST_CASE(commands_write_no_line_into_the_tests_summary, PlaneFixture) {
    std::filesystem::path const summary = folder.path() / "summary.jsonl";
    variables["HTTPTEST_SUMMARY_FILE"] = summary.string();
    BOOST_TEST(run({"doctor"}).exitCode == 0);
    BOOST_TEST(run({"token"}).exitCode == 0);
    BOOST_TEST(run({"request", "GET", "/api/v1/clusters"}).exitCode == 0);
    BOOST_TEST(!std::filesystem::exists(summary));
}

BOOST_AUTO_TEST_SUITE_END()
