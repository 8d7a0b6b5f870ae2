#include "echoing_server.hpp"
#include "forms.hpp"
#include "leak_fixture.hpp"

#include "support/canary.hpp"

#include <httptest/url.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leaks {

namespace {

namespace data = boost::unit_test::data;

std::string const probe = LEAK_PROBE;
constexpr int boostsExitForFailures = 201;

/// A probe against the echoing server. Its secret is what it logs in with.
struct ProbeFixture : LeakFixture {
    explicit ProbeFixture(std::string_view probesSecret = canary::clientSecret) : secret(probesSecret) {
        variables["RUNAI_BASE_URL"] = server.url();
        variables["LEAK_PROBE_SECRET"] = secret;
        variables["LEAK_PROBE_FORMS"] = std::to_string(server.formCount());
    }

    void failLogins() {
        EchoingServer const knowsNoToken({secret});
        variables["RUNAI_BASE_URL"] = knowsNoToken.url();
        variables["LEAK_PROBE_FORMS"] = std::to_string(knowsNoToken.formCount());
        std::string names;
        for (std::string const& name : EchoingServer::badLogins()) {
            names += (names.empty() ? "" : ",") + name;
        }
        variables["LEAK_PROBE_BAD_LOGINS"] = names;
        variables["HTTPTEST_LOGIN_TIMEOUT_MS"] = "100";
        BOOST_TEST(run(suite(probe, {"--run_test=logins"})) == boostsExitForFailures);
    }

    std::string const secret;
    EchoingServer server{{secret, std::string(canary::accessToken)}};
};

std::string jsonOf(std::string const& text) {
    std::string const quoted = nlohmann::json(text).dump();
    return quoted.substr(1, quoted.size() - 2);
}

struct ClientProbe : ProbeFixture {
    ClientProbe() {
        variables["RUNAI_CLIENT_ID"] = "ci";
        variables["RUNAI_CLIENT_SECRET"] = canary::clientSecret;
    }
};

struct PasswordProbe : ProbeFixture {
    PasswordProbe() : ProbeFixture(canary::password) {
        variables["RUNAI_USERNAME"] = "jo";
        variables["RUNAI_PASSWORD"] = canary::password;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(PlantedLeaks)

BOOST_FIXTURE_TEST_CASE(are_found_wherever_they_are, ClientProbe) {
    int const status = run(suite(probe, {"--run_test=planted"}));
    BOOST_TEST(status != 0);
    std::vector<Leak> const found = leaks();
    auto const foundIn = [&](std::string const& part) {
        return std::count_if(found.begin(), found.end(),
                             [&](Leak const& leak) { return leak.place.find(part) != std::string::npos; });
    };
    BOOST_TEST(foundIn("leak_probe.stdout") > 5);
    BOOST_TEST(foundIn("leak_probe.stderr") > 5);
    BOOST_TEST(foundIn("leak_probe.xml") > 0);
    BOOST_TEST(foundIn("leak_probe.cmdlines") > 0);
    BOOST_TEST(foundIn("leak_probe.environments") > 0);
    for (Form const& form : formsOf(canary::clientSecret)) {
        BOOST_TEST(foundIn("temporary/" + form.name) > 0, form.name);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(LeaksOfFailures)

BOOST_FIXTURE_TEST_CASE(a_suite_that_fails_in_every_way_shows_no_client_secret_and_no_token, ClientProbe) {
    BOOST_TEST(run(suite(probe)) == boostsExitForFailures);
    requireProduced("1-leak_probe.stdout", "expected status 418, got 200");
    requireProduced("1-leak_probe.stdout", "[redacted]");
    requireProduced("reports/1-leak_probe.xml", "<testsuite");
    requireProduced("logs/*", "Authorization: [redacted]");
    checkNothingLeaked();
}

BOOST_FIXTURE_TEST_CASE(nor_a_password, PasswordProbe) {
    BOOST_TEST(run(suite(probe)) == boostsExitForFailures);
    requireProduced("1-leak_probe.stdout", "password of 'jo'");
    checkNothingLeaked();
}

BOOST_FIXTURE_TEST_CASE(on_standard_error_the_trace_shows_none_either, ClientProbe) {
    variables.erase("HTTPTEST_LOG_FILE");
    BOOST_TEST(run(suite(probe, {"--run_test=replies/fail_*"})) == boostsExitForFailures);
    requireProduced("1-leak_probe.stderr", "Authorization: [redacted]");
    checkNothingLeaked();
}

BOOST_FIXTURE_TEST_CASE(logins_that_fail_in_every_way_show_no_client_secret, ClientProbe) {
    failLogins();
    requireProduced("1-leak_probe.stdout", "invalid_client");
    checkNothingLeaked();
}

BOOST_FIXTURE_TEST_CASE(nor_does_one_by_password, PasswordProbe) {
    failLogins();
    checkNothingLeaked();
}

BOOST_FIXTURE_TEST_CASE(what_is_under_way_at_sigterm_shows_none, ClientProbe) {
    Child child(suite(probe, {"--run_test=requests/wait_for_a_reply"}));
    server.waitForRequests(2); // the login is the first
    BOOST_REQUIRE(::kill(child.number(), SIGTERM) == 0);
    BOOST_TEST(child.end() == -SIGTERM);
    requireProduced("1-leak_probe.stderr", "httptest: SIGTERM while under way: GET ");
    checkNothingLeaked();
}

BOOST_FIXTURE_TEST_CASE(what_a_killed_process_leaves_shows_none, ClientProbe) {
    Child child(suite(probe, {"--run_test=requests/leave_things_behind_for_the_sweep"}));
    server.waitForRequests(3); // login, request, and the one that is not answered
    BOOST_REQUIRE(::kill(child.number(), SIGKILL) == 0);
    BOOST_TEST(child.end() == -SIGKILL);
    requireProduced("state/ledgers/*", "/echo/json");
    checkNothingLeaked();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(LeaksOfProxies, ClientProbe)

BOOST_AUTO_TEST_CASE(a_proxys_password_is_not_shown_whatever_the_proxy_answers) {
    EchoingServer const proxy({std::string(canary::proxyPassword)});
    std::string const authority = proxy.url().substr(std::string_view("http://").size());
    variables["RUNAI_PROXY_URL"] = "http://ci:" + httptest::percentEncode(canary::proxyPassword) + "@" + authority;
    variables["RUNAI_ALLOW_INSECURE_HTTP"] = "true";
    variables["LEAK_PROBE_SECRET"] = canary::proxyPassword;
    variables["HTTPTEST_LOGIN_TIMEOUT_MS"] = "200";
    variables["HTTPTEST_REQUEST_TIMEOUT_MS"] = "400";
    for (std::string const address : {"http://api.test", "http://api.test/rejected", "https://api.test"}) {
        variables["RUNAI_BASE_URL"] = address;
        BOOST_TEST(run(suite(probe, {"--run_test=replies/fail_every_expectation/_1",
                                     "--run_test=replies/that_are_*"})) == boostsExitForFailures);
        run(command(HTTPTEST_COMMAND, {"doctor"}));
        run(command(HTTPTEST_COMMAND, {"config"}));
    }
    requireProduced("1-leak_probe.stdout", "by proxy");
    requireProduced("*.stdout", "proxy_url");
    checkNothingLeaked();
}

BOOST_DATA_TEST_CASE(a_proxys_url_that_is_wrong_is_not_shown,
                     data::make({"socks5://ci:%@127.0.0.1:1", "http://ci:%@127.0.0.1", "http://ci:%zz%@127.0.0.1:1",
                                 "http://ci:%@127.0.0.1:1/path", "http:/ci:%@"}),
                     url) {
    std::string text = url;
    text.replace(text.rfind('%'), 1, canary::proxyPassword);
    variables["RUNAI_PROXY_URL"] = text;
    BOOST_TEST(run(suite(QUICKSTART)) == boostsExitForFailures);
    run(command(HTTPTEST_COMMAND, {"doctor"}));
    checkNothingLeaked();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(LeaksOfSettings, ClientProbe)

BOOST_AUTO_TEST_CASE(wrong_files_are_not_quoted) {
    std::string const inJson = jsonOf(secret);
    for (auto const& [name, text] : std::vector<std::pair<std::string, std::string>>{
             {"cut.json", R"({"runai": {"client_secret": ")" + inJson},
             {"garbage.json", R"({"runai": {"client_secret": ")" + inJson + "\" oops"},
             {"unquoted.json", R"({"runai": {"client_secret": )" + secret + "}}"},
             {"twice.json", R"({"runai": {"client_secret": "x", "client_secret": ")" + inJson + "\"}}"},
             {"unknown.json", R"({"runai": {"client_secrets": ")" + inJson + "\"}}"},
             {"deep.json", R"({"runai": {"client_secret": {"value": ")" + inJson + "\"}}}"},
             {"list.json", R"({"runai": {"client_secret": [")" + inJson + "\"]}}"},
             {"no_equals", "runai.client_secret\n" + secret + "\n"},
             {"several_lines", "runai.client_secret = -----BEGIN\n" + secret + "\n"},
             {"unknown", "runai.client_secrets = " + secret + "\n"},
             {"elsewhere", "runai.base_url = http://ci:" + secret + "@127.0.0.1/\n"},
         }) {
        variables.erase("RUNAI_CLIENT_SECRET");
        variables["HTTPTEST_CONFIG"] = inputs.write(name, text).string();
        BOOST_TEST(run(suite(QUICKSTART)) != 0, name);
        for (std::string const subcommand : {"config", "doctor", "request"}) {
            run(command(HTTPTEST_COMMAND, subcommand == "request" ? std::vector<std::string>{subcommand, "GET", "/x"}
                                                                  : std::vector<std::string>{subcommand}));
        }
    }
    requireProduced("1-quickstart.stdout", "is no JSON");
    checkNothingLeaked();
}

BOOST_AUTO_TEST_CASE(wrong_variables_are_not_quoted) {
    for (auto const& [name, value] : Variables{{"RUNAI_BASE_URL", "http://ci:" + secret + "@127.0.0.1/"},
                                               {"RUNAI_CLIENTSECRET", secret},
                                               {"RUNAI_APP_SECRET", secret},
                                               {"RUNAI_TOKEN", secret + " with spaces"},
                                               {"RUNAI_CLIENT_SECRET_FILE", "/there/is/no/such/file"},
                                               {"RUNAI_CLIENT_KEY_PASSPHRASE", secret},
                                               {"RUNAI_EXTERNAL_TOKEN", secret},
                                               {"HTTPTEST_PROVIDER", "none"}}) {
        Variables const before = variables;
        variables[name] = value;
        run(suite(QUICKSTART));
        run(command(HTTPTEST_COMMAND, {"config"}));
        run(command(HTTPTEST_COMMAND, {"doctor", "--json"}));
        variables = before;
    }
    requireProduced("*quickstart.stdout", "no auth provider 'none'");
    checkNothingLeaked();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace leaks
