#include "fake_client.hpp"

#include <httptest/testing/temporary_folder.hpp>

#include <boost/test/unit_test.hpp>

#include <Poco/Exception.h>
#include <Poco/Pipe.h>
#include <Poco/PipeStream.h>
#include <Poco/Process.h>
#include <Poco/StreamCopier.h>

#include <sys/stat.h>
#include <csignal>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace runai::testing {

namespace {

using httptest::testing::TemporaryFolder;

/// runai-fake-control-plane as a child, with what it prints.
class Program {
public:
    explicit Program(Poco::Process::Args const& arguments)
        : handle_(Poco::Process::launch(RUNAI_FAKE_CONTROL_PLANE, arguments, nullptr, &output_, &errors_)),
          outputStream_(output_),
          errorStream_(errors_) {}

    ~Program() {
        if (!exitCode_) {
            terminate();
            wait();
        }
    }
    Program(Program const&) = delete;
    Program& operator=(Program const&) = delete;

    void terminate() { ::kill(handle_.id(), SIGTERM); }

    std::string readLine() {
        std::string line;
        std::getline(outputStream_, line);
        return line;
    }
    std::string restOfOutput() { return rest(outputStream_); }
    std::string restOfErrors() { return rest(errorStream_); }

    int wait() {
        exitCode_ = handle_.wait();
        return *exitCode_;
    }

private:
    static std::string rest(std::istream& stream) {
        std::string text;
        Poco::StreamCopier::copyToString(stream, text);
        return text;
    }

    Poco::Pipe output_;
    Poco::Pipe errors_;
    Poco::ProcessHandle handle_;
    Poco::PipeInputStream outputStream_;
    Poco::PipeInputStream errorStream_;
    std::optional<int> exitCode_;
};

/// What an `export` line assigns to this name, without the quotes.
std::string assigned(std::string const& line, std::string const& name) {
    auto const begin = line.find(" " + name + "='");
    BOOST_TEST_REQUIRE(begin != std::string::npos, line);
    auto const value = begin + name.size() + 3;
    return line.substr(value, line.find('\'', value) - value);
}

std::string contentsOf(std::filesystem::path const& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

unsigned modeOf(std::filesystem::path const& path) {
    struct stat status {};
    BOOST_TEST_REQUIRE(::stat(path.c_str(), &status) == 0, path.string());
    return status.st_mode & 0777U;
}

std::string v2Form(std::string const& id, std::string const& secret) {
    return "grant_type=client_credentials&client_id=" + id + "&client_secret=" + secret;
}

BOOST_AUTO_TEST_SUITE(fake_control_plane_program)

BOOST_AUTO_TEST_CASE(it_prints_url_and_credentials_and_on_sigterm_its_counters) {
    Program program({"--port", "0"});
    auto const comment = program.readLine();
    auto const line = program.readLine();
    auto const url = assigned(line, "RUNAI_BASE_URL");
    BOOST_TEST(comment.starts_with("# fake Run:ai control plane 3.0 at " + url));
    BOOST_TEST(line.find("RUNAI_CA_FILE") == std::string::npos);
    {
        FakeClient client(url);
        auto const form = v2Form(assigned(line, "RUNAI_CLIENT_ID"), assigned(line, "RUNAI_CLIENT_SECRET"));
        auto const token = client.loginV2(form).json().at("access_token").get<std::string>();
        BOOST_TEST(client.get("/api/v1/clusters", token).status == 200);
        BOOST_TEST(client.get("/api/v1/clusters", "wrong").status == 401);
    }
    program.terminate();
    BOOST_TEST(program.restOfOutput() == "requests=3 logins=1 unauthorized=1\n");
    BOOST_TEST(program.wait() == 0);
}

BOOST_AUTO_TEST_CASE(for_2_18_it_hands_out_an_application) {
    TemporaryFolder const folder;
    auto const config = folder.path() / "config.json";
    Program program({"--version", "2.18", "--config-out", config.string()});
    program.readLine();
    auto const line = program.readLine();
    FakeClient client(assigned(line, "RUNAI_BASE_URL"));
    auto const written = nlohmann::json::parse(contentsOf(config));
    BOOST_TEST(written.at("identity.viewer.app_id").is_string());
    BOOST_TEST(written.at("identity.viewer.app_secret").is_string());
    auto const& runai = written.at("runai");
    BOOST_TEST(runai.at("app_id") == assigned(line, "RUNAI_APP_ID"));
    BOOST_TEST(runai.at("app_secret") == assigned(line, "RUNAI_APP_SECRET"));
    BOOST_TEST(runai.size() == 3U);
    BOOST_TEST(modeOf(config) == 0600U);
    nlohmann::json const login{
        {"grantType", "app_token"}, {"AppId", runai.at("app_id")}, {"AppSecret", runai.at("app_secret")}};
    BOOST_TEST(client.loginV1(login).status == 200);
}

BOOST_AUTO_TEST_CASE(the_other_accounts_are_in_files_of_their_own) {
    TemporaryFolder const folder;
    auto const accounts = folder.path() / "accounts";
    Program program({"--accounts-out", accounts.string(), "--tls"});
    program.readLine();
    auto const line = program.readLine();
    for (auto const* name : {"viewer.json", "user.json", "external.json", "external-token", "expired-token"}) {
        BOOST_TEST(modeOf(accounts / name) == 0600U, name);
    }
    BOOST_TEST(modeOf(accounts) == 0700U);
    auto const runai = [&](char const* name) { return nlohmann::json::parse(contentsOf(accounts / name)).at("runai"); };
    auto const ca = assigned(line, "RUNAI_CA_FILE");
    BOOST_TEST(runai("user.json").at("base_url") == assigned(line, "RUNAI_BASE_URL"));
    BOOST_TEST(runai("user.json").at("ca_file") == ca);

    FakeClient client(assigned(line, "RUNAI_BASE_URL"), contentsOf(ca));
    auto const viewer = runai("viewer.json");
    BOOST_TEST(client.loginV2(v2Form(viewer.at("client_id"), viewer.at("client_secret"))).status == 200);
    auto const user = runai("user.json");
    nlohmann::json const password{
        {"grantType", "password"}, {"username", user.at("username")}, {"password", user.at("password")}};
    BOOST_TEST(client.loginV1(password).status == 200);
    auto expired = contentsOf(accounts / "expired-token");
    expired.pop_back(); // its line break
    BOOST_TEST(client.get("/api/v1/clusters", expired).json().at("message") == "The token is expired.");
    auto token = contentsOf(runai("external.json").at("external_token_file").get<std::string>());
    BOOST_TEST(token.ends_with("\n"));
    token.pop_back();
    BOOST_TEST(client.loginV1({{"grantType", "external_token_exchange"}, {"externalToken", token}}).status == 200);
}

BOOST_AUTO_TEST_CASE(without_v1_only_v2_answers) {
    Program program({"--without-v1"});
    program.readLine();
    auto const line = program.readLine();
    FakeClient client(assigned(line, "RUNAI_BASE_URL"));
    BOOST_TEST(client.loginV1({{"grantType", "client_credentials"}}).status == 404);
    auto const form = v2Form(assigned(line, "RUNAI_CLIENT_ID"), assigned(line, "RUNAI_CLIENT_SECRET"));
    BOOST_TEST(client.loginV2(form).status == 200);
}

BOOST_AUTO_TEST_CASE(with_tls_the_ca_is_in_a_file_that_vanishes_with_it) {
    Program program({"--tls", "--token-lifetime", "60", "--clock-skew", "-30", "--login-delay-ms", "1"});
    program.readLine();
    auto const line = program.readLine();
    auto const caFile = assigned(line, "RUNAI_CA_FILE");
    {
        FakeClient client(assigned(line, "RUNAI_BASE_URL"), contentsOf(caFile));
        auto const form = v2Form(assigned(line, "RUNAI_CLIENT_ID"), assigned(line, "RUNAI_CLIENT_SECRET"));
        BOOST_TEST(client.loginV2(form).json().at("expires_in") == 60);
    }
    program.terminate();
    BOOST_TEST(program.wait() == 0);
    BOOST_TEST(!std::filesystem::exists(caFile));
}

BOOST_AUTO_TEST_CASE(no_expires_in_leaves_the_lifetime_out) {
    Program program({"--no-expires-in"});
    program.readLine();
    auto const line = program.readLine();
    auto const form = v2Form(assigned(line, "RUNAI_CLIENT_ID"), assigned(line, "RUNAI_CLIENT_SECRET"));
    BOOST_TEST(!FakeClient(assigned(line, "RUNAI_BASE_URL")).loginV2(form).json().contains("expires_in"));
}

BOOST_AUTO_TEST_CASE(what_it_does_not_understand_is_a_usage_error) {
    for (auto const& arguments : std::vector<Poco::Process::Args>{{"--nonsense"},
                                                                  {"stray"},
                                                                  {"--port", "x"},
                                                                  {"--port", "65536"},
                                                                  {"--version", "9"},
                                                                  {"--token-lifetime", "0"},
                                                                  {"--ca-out", "ca.pem"},
                                                                  {"--stop", "/tmp", "--tls"}}) {
        Program program(arguments);
        auto const errors = program.restOfErrors();
        BOOST_TEST(errors.starts_with("runai-fake-control-plane: "), errors);
        BOOST_TEST(errors.find("--help") != std::string::npos, errors);
        BOOST_TEST(program.wait() == 64, errors);
    }
}

BOOST_AUTO_TEST_CASE(help_names_every_option) {
    Program program({"--help"});
    auto const help = program.restOfOutput();
    for (auto const* option :
         {"--port", "--tls", "--version", "--token-lifetime", "--no-expires-in", "--login-delay-ms", "--clock-skew",
          "--config-out", "--ca-out", "--accounts-out", "--without-v1", "--stop-after", "--start", "--stop="}) {
        BOOST_TEST(help.find(option) != std::string::npos, option);
    }
    BOOST_TEST(program.wait() == 0);
}

BOOST_AUTO_TEST_CASE(in_the_background_it_serves_until_it_is_stopped) {
    TemporaryFolder const temporary;
    auto const folder = temporary.path() / "fake";
    Program starter({"--start", folder.string(), "--tls", "--stop-after", "60"});
    auto const announcement = starter.restOfOutput();
    BOOST_TEST_REQUIRE(starter.wait() == 0, starter.restOfErrors());
    for (auto const* name : {"config.json", "ca.pem", "pid", "log", "user.json", "external-token"}) {
        BOOST_TEST(modeOf(folder / name) == 0600U, name);
    }
    BOOST_TEST(modeOf(folder) == 0700U);

    auto const config = nlohmann::json::parse(contentsOf(folder / "config.json"));
    auto const& runai = config.at("runai");
    BOOST_TEST(assigned(announcement, "RUNAI_BASE_URL") == runai.at("base_url").get<std::string>());
    BOOST_TEST(runai.at("ca_file") == (folder / "ca.pem").string());
    FakeClient client(runai.at("base_url"), contentsOf(runai.at("ca_file")));
    BOOST_TEST(client.loginV2(v2Form(runai.at("client_id"), runai.at("client_secret"))).status == 200);
    BOOST_TEST(
        client.loginV2(v2Form(config.at("identity.viewer.client_id"), config.at("identity.viewer.client_secret")))
            .status == 200);

    Program second({"--start", folder.string()});
    BOOST_TEST(second.restOfErrors().find("already") != std::string::npos);
    BOOST_TEST(second.wait() != 0);

    for (auto stops = 0; stops < 2; ++stops) { // the second finds it ended
        Program stopper({"--stop", folder.string()});
        BOOST_TEST(stopper.restOfOutput() == "requests=2 logins=2 unauthorized=0\n");
        BOOST_TEST(stopper.wait() == 0);
    }
    auto const counters = nlohmann::json::parse(contentsOf(folder / "counters.json"));
    BOOST_TEST(counters.at("logins").at("v2") == 2);
    BOOST_CHECK_THROW(client.send("GET", "/"), Poco::Exception);
}

BOOST_AUTO_TEST_CASE(a_background_server_that_cannot_start_says_why) {
    FakeControlPlane const plane;
    auto const port = plane.url().substr(plane.url().rfind(':') + 1);
    TemporaryFolder const folder;
    Program starter({"--start", folder.path().string(), "--port", port});
    BOOST_TEST(starter.restOfErrors().find("in use") != std::string::npos);
    BOOST_TEST(starter.wait() == 70);
}

BOOST_AUTO_TEST_CASE(a_background_server_ends_by_itself) {
    TemporaryFolder const folder;
    Program starter({"--start", folder.path().string(), "--stop-after", "1"});
    BOOST_TEST_REQUIRE(starter.wait() == 0);
    // The lock that --stop waits for is released when the server has ended, whoever ended it.
    Program stopper({"--stop", folder.path().string()});
    BOOST_TEST(stopper.restOfOutput() == "requests=0 logins=0 unauthorized=0\n");
    BOOST_TEST(stopper.wait() == 0);
}

BOOST_AUTO_TEST_CASE(stopping_what_was_never_started_is_an_error) {
    TemporaryFolder const folder;
    Program stopper({"--stop", folder.path().string()});
    BOOST_TEST(stopper.restOfErrors().find("pid") != std::string::npos);
    BOOST_TEST(stopper.wait() == 70);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace runai::testing
