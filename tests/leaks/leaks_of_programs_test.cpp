#include "leak_fixture.hpp"

#include "support/base64.hpp"
#include "support/canary.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <initializer_list>
#include <list>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace leaks {

namespace {

namespace data = boost::unit_test::data;
namespace fs = std::filesystem;
using runai::testing::FakeControlPlane;
using runai::testing::FakeControlPlaneOptions;
using runai::testing::Version;

FakeControlPlaneOptions optionsOf(Version version, bool tls) {
    FakeControlPlaneOptions options;
    options.version = version;
    options.tls = tls;
    return options;
}

/// Programs against a fake control plane whose accounts have canaries for secrets.
struct PlaneFixture : LeakFixture {
    explicit PlaneFixture(Version version = Version::v3_0, bool tls = false) : plane(optionsOf(version, tls)) {
        plane.addClient("ci", std::string(canary::clientSecret));
        plane.addUser("jo", std::string(canary::password));
        variables["RUNAI_BASE_URL"] = plane.url();
        if (tls) {
            variables["RUNAI_CA_FILE"] = inputs.write("ca.pem", plane.caCertificatePem()).string();
        }
    }

    void useClient() {
        variables["RUNAI_CLIENT_ID"] = "ci";
        variables["RUNAI_CLIENT_SECRET"] = canary::clientSecret;
    }

    /// One that the control plane accepts.
    std::string newToken() {
        Command login = command(HTTPTEST_COMMAND, {"request", "GET", "/api/v1/clusters"});
        login.variables["RUNAI_CLIENT_ID"] = "ci";
        login.variables["RUNAI_CLIENT_SECRET"] = canary::clientSecret;
        BOOST_TEST_REQUIRE(run(login) == 0);
        return plane.newestToken();
    }

    void checkNothingLeakedByPlane() {
        keepAnEyeOn(plane);
        checkNothingLeaked();
    }

    FakeControlPlane plane;
};

struct SecurePlane : PlaneFixture {
    SecurePlane() : PlaneFixture(Version::v3_0, true) { useClient(); }
};

/// A way in, by what it puts into the environment and into files.
struct Mode {
    char const* name;
    void (*configure)(PlaneFixture&);
    bool v1Only = false;
};

std::ostream& operator<<(std::ostream& stream, Mode const& mode) {
    return stream << mode.name;
}

/// A command that puts what it knows of its process where it is searched, then does `rest`.
void configureCommand(PlaneFixture& fixture, std::string const& rest) {
    std::string const script =
        fixture.inputs
            .write("command",
                   "#!/bin/sh\ncat /proc/$$/environ > \"$HOME/environment\"\n"
                   "cat /proc/$$/cmdline > \"$HOME/cmdline\"\nls -l /proc/$$/fd > \"$HOME/descriptors\"\n" +
                       rest)
            .string();
    fs::permissions(script, fs::perms::owner_all);
    // All that another mode would need is there, too, and not the command's business.
    fixture.useClient();
    fixture.variables["RUNAI_USERNAME"] = "jo";
    fixture.variables["RUNAI_PASSWORD"] = canary::password;
    fixture.variables["RUNAI_RESEARCHER_CLIENT_ID"] = "ci";
    fixture.variables["RUNAI_RESEARCHER_CLIENT_SECRET"] = canary::clientSecret;
    fixture.variables["RUNAI_RESEARCHER_CLIENT_KEY_PASSPHRASE"] = canary::password;
    fixture.variables["RUNAI_PROXY_URL"] = "http://ci:canary-proxy-p%40ss%3Aword-e41b@127.0.0.1:1";
    fixture.variables["RUNAI_CREDENTIALS"] = "credential_command";
    fixture.variables["RUNAI_CREDENTIAL_COMMAND"] = nlohmann::json{script}.dump();
}

/// One that prints `output`, also on standard error.
void configureCommand(PlaneFixture& fixture, nlohmann::json const& output) {
    std::string const file = fixture.inputs.write("output.json", output.dump()).string();
    configureCommand(fixture, "cat " + file + " >&2\ncat " + file + "\n");
}

Mode const modes[] = {
    {"client_credentials", [](PlaneFixture& fixture) { fixture.useClient(); }},
    {"client_credentials of a file",
     [](PlaneFixture& fixture) {
         fixture.variables["RUNAI_CLIENT_ID"] = "ci";
         fixture.variables["RUNAI_CLIENT_SECRET_FILE"] =
             fixture.inputs.write("secret", std::string(canary::clientSecret) + "\n").string();
     }},
    {"client_credentials of a configuration",
     [](PlaneFixture& fixture) {
         nlohmann::json const file{{"runai.client_id", "ci"}, {"runai.client_secret", canary::clientSecret}};
         fixture.variables["HTTPTEST_CONFIG"] = fixture.inputs.write("config.json", file.dump()).string();
     }},
    {"app_token",
     [](PlaneFixture& fixture) {
         fixture.variables["RUNAI_APP_ID"] = "ci";
         fixture.variables["RUNAI_APP_SECRET"] = canary::clientSecret;
     },
     true},
    {"password",
     [](PlaneFixture& fixture) {
         fixture.variables["RUNAI_USERNAME"] = "jo";
         fixture.variables["RUNAI_PASSWORD"] = canary::password;
     }},
    {"token", [](PlaneFixture& fixture) { fixture.variables["RUNAI_TOKEN"] = fixture.newToken(); }},
    {"token of a file",
     [](PlaneFixture& fixture) {
         fixture.variables["RUNAI_TOKEN_FILE"] = fixture.inputs.write("token", fixture.newToken()).string();
     }},
    {"token that is refused", [](PlaneFixture& fixture) { fixture.variables["RUNAI_TOKEN"] = canary::accessToken; }},
    {"external_token_exchange",
     [](PlaneFixture& fixture) {
         fixture.variables["RUNAI_EXTERNAL_TOKEN_FILE"] =
             fixture.inputs.write("external", fixture.plane.externalToken("job")).string();
     }},
    {"cli",
     [](PlaneFixture& fixture) {
         fixture.inputs.write("runai/config.json",
                              nlohmann::json{{"control_plane", {{"url", fixture.plane.url()}}}}.dump());
         fixture.inputs.write("runai/authentication.json",
                              nlohmann::json{{"accessToken", base64(fixture.newToken())}}.dump());
         fixture.variables["RUNAI_CLI_CONFIG_PATH"] = (fixture.inputs.path() / "runai").string();
     }},
    {"credential_command with a client",
     [](PlaneFixture& fixture) {
         configureCommand(fixture, {{"clientId", "ci"}, {"clientSecret", canary::clientSecret}});
     }},
    {"credential_command with a token",
     [](PlaneFixture& fixture) {
         configureCommand(fixture, {{"token", fixture.newToken()}, {"expiresIn", 600}});
     }},
};

/// With one token API each.
bool const byV2[] = {true, false};

std::vector<std::string> samples() {
    std::vector<std::string> programs;
    for (fs::directory_entry const& entry : fs::directory_iterator(SAMPLES_FOLDER)) {
        programs.push_back(entry.path().string());
    }
    return programs;
}

} // namespace

BOOST_AUTO_TEST_SUITE(LeaksOfModes)

BOOST_DATA_TEST_CASE(no_way_in_shows_a_secret, data::make(modes) * data::make(byV2), mode, v2) {
    PlaneFixture fixture(v2 ? Version::v3_0 : Version::v2_20);
    mode.configure(fixture);
    bool const refused = std::string_view(mode.name).ends_with("refused") || (v2 && mode.v1Only);
    BOOST_TEST((run(fixture.suite(QUICKSTART)) == 0) == !refused);
    BOOST_TEST(run(fixture.command(HTTPTEST_COMMAND, {"config"})) == 0);
    BOOST_TEST((run(fixture.command(HTTPTEST_COMMAND, {"doctor"})) == 0) == !refused);
    run(fixture.command(HTTPTEST_COMMAND, {"request", "DELETE", "/api/v1/no/such/thing"}));
    fixture.requireProduced("*quickstart.stdout", "quickstart");
    fixture.requireProduced("logs/*", "[redacted]");
    fixture.checkNothingLeakedByPlane();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(LeaksOfCredentialCommands, PlaneFixture)

BOOST_AUTO_TEST_CASE(their_environment_holds_no_secret_of_ours) {
    configureCommand(*this, {{"clientId", "ci"}, {"clientSecret", canary::clientSecret}});
    BOOST_TEST(run(suite(QUICKSTART)) == 0);
    requireProduced("home/environment", "RUNAI_CLIENT_ID=ci");
    requireProduced("home/cmdline", "command");
    checkNothingLeakedByPlane();
}

BOOST_AUTO_TEST_CASE(what_they_say_before_they_fail_shows_none) {
    std::string const secret = inputs.write("secret", canary::clientSecret).string();
    std::string const output =
        inputs.write("output", nlohmann::json{{"clientId", "ci"}, {"clientSecret", canary::clientSecret}}.dump())
            .string();
    for (std::string const& rest : {"cat " + output + "; cat " + output + " >&2; exit 1", // both, and no success
                                    "cat " + secret + "; cat " + secret + " >&2; exit 1",
                                    "cat " + output + "; cat " + secret + " >&2; kill -9 $$",
                                    "cat " + secret + " " + secret + "; cat " + secret + " >&2"}) {
        configureCommand(*this, rest + "\n");
        BOOST_TEST(run(suite(QUICKSTART)) != 0);
        BOOST_TEST(run(command(HTTPTEST_COMMAND, {"doctor"})) != 0);
    }
    requireProduced("1-quickstart.stdout", "its last words on standard error");
    checkNothingLeakedByPlane();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(LeaksOfSamples, SecurePlane)

BOOST_AUTO_TEST_CASE(no_sample_shows_a_secret) {
    variables["RUNAI_VIEWER_CLIENT_ID"] = plane.viewerId();
    variables["RUNAI_VIEWER_CLIENT_SECRET"] = plane.viewerSecret();
    keepAnEyeOn("the key of custom_provider", "open-sesame");
    keepAnEyeOn("the other key of custom_provider", "let-me-in");
    std::vector<std::string> const programs = samples();
    BOOST_TEST(programs.size() >= 9U);
    for (std::string const& program : programs) {
        Command sample = suite(program);
        if (program.ends_with("service_account_login")) {
            // It tries whether a deleted key logs in, which a token of the store would make needless.
            sample.variables["HTTPTEST_TOKEN_STORE"] = "memory";
        }
        BOOST_TEST(run(sample) == 0, program);
    }
    requireProduced("logs/*", "[redacted]");
    checkNothingLeakedByPlane();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(LeaksOfCommands, SecurePlane)

BOOST_AUTO_TEST_CASE(no_command_shows_a_secret) {
    // `httptest token` is left out: to hand a token over is what it is for. Nor does it show one elsewhere: below.
    BOOST_TEST(run(command(CLEANUP_WORKER, {"2"})) == -SIGKILL);
    for (std::vector<std::string> const& arguments :
         std::vector<std::vector<std::string>>{{"doctor"},
                                               {"doctor", "--json", "--for", "3h"},
                                               {"config"},
                                               {"plugins"},
                                               {"store"},
                                               {"store", "list"},
                                               {"request", "GET", "/api/v1/clusters"},
                                               {"request", "POST", "/api/v1/org-unit/projects"},
                                               {"request", "GET", "/api/v1/nothing"},
                                               {"sweep"},
                                               {"sweep", "--delete"},
                                               {"store", "clear"},
                                               {"request", "--identity", "nobody", "GET", "/"},
                                               {"token", "--identity", "nobody"}}) {
        run(command(HTTPTEST_COMMAND, arguments));
    }
    requireProduced("*httptest.stdout", "ok    login");
    requireProduced("*httptest.stdout", "to delete");
    checkNothingLeakedByPlane();
}

BOOST_AUTO_TEST_CASE(the_command_that_prints_a_token_shows_it_in_its_output_alone) {
    Command token = command(HTTPTEST_COMMAND, {"token", "--header"});
    token.folder = inputs.path();
    BOOST_TEST(run(token) == 0);
    fs::remove(inputs.path() / (token.name + ".stdout")); // read by nobody else
    keepAnEyeOn(plane);
    for (Leak const& leak : search().inFolder(inputs.path())) {
        BOOST_ERROR(leak);
    }
    checkNothingLeaked();
}

BOOST_AUTO_TEST_CASE(a_wrong_secret_is_not_shown_either) {
    plane.setSecret("ci", "another");
    BOOST_TEST(run(suite(QUICKSTART)) != 0);
    for (std::string const subcommand : {"doctor", "token"}) {
        BOOST_TEST(run(command(HTTPTEST_COMMAND, {subcommand})) != 0);
    }
    requireProduced("1-quickstart.stdout", "invalid_client");
    checkNothingLeaked();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(LeaksOfTests, LeakFixture)

/// Tests of ours that make failure texts and exchanges with faults of all kinds.
BOOST_AUTO_TEST_CASE(no_test_of_ours_shows_a_secret) {
    keepAnEyeOn("the token of scripted sessions", "opaque-session-token-");
    variables.erase("HTTPTEST_TOKEN_STORE"); // tests make stores of their own
    // Those of megabytes write no more than the others.
    BOOST_TEST(run(suite(SDK_UNIT_TESTS, {"--run_test=bad_credentials,cleaning_up,eventually_waits,expectations,"
                                          "exchange,failure_text,pages_of_lists,Redirects,session,trace",
                                          "--run_test=!expectations/hostile_*", "--run_test=!exchange/long_*"})) == 0);
    std::list<Child> withFaults; // at once, since their servers wait as the worst ones do
    for (std::string const program : {PROGRAMS_WITH_FAULTS}) {
        if (!program.empty()) {
            for (char const* const part :
                 {"faults_of_api_calls_over_http", "faults_of_api_calls_over_https", "faults_of_logins_over_http",
                  "faults_of_logins_over_https", "!faults_of_*"}) {
                withFaults.emplace_back(suite(program, {std::string("--run_test=") + part}));
            }
        }
    }
    for (Child& child : withFaults) {
        int const status = child.end(std::chrono::seconds(250));
        // Whether it passes is its own test's business.
        BOOST_TEST((status == 0 || status == 201), "a test of faults ended with " << status);
    }
    checkNothingLeaked();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace leaks
