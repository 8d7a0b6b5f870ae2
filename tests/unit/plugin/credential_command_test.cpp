#include "credentials/credential_command.hpp"
#include "login_fixture.hpp"
#include "secret_search.hpp"

#include <httptest/error.hpp>
#include <httptest/testing/scripted_transport.hpp>
#include <httptest/testing/temporary_folder.hpp>
#include <httptest/token_cache.hpp>

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using namespace runai::testing;
using httptest::testing::jsonReply;
using httptest::testing::TemporaryFolder;

namespace {

std::string asSetting(std::vector<std::string> const& arguments) {
    return nlohmann::json(arguments).dump();
}

Environment commandEnvironment(std::string const& setting) {
    return {{"RUNAI_BASE_URL", "https://cp.example"}, {"RUNAI_CREDENTIAL_COMMAND", setting}};
}

/// A source whose command is this script.
struct ScriptFixture : LoginFixture {
    explicit ScriptFixture(std::string const& script, std::string const& timeout = "60000")
        : LoginFixture(runai::testing::with(commandEnvironment(asSetting({"/bin/sh", "-c", script})),
                                            "RUNAI_CREDENTIAL_COMMAND_TIMEOUT_MS", timeout)) {}
};

std::string printing(std::string const& text) {
    return "printf '%s' '" + text + "'";
}

std::string errorOf(std::string const& script) {
    ScriptFixture fixture(script);
    LoginResult const result = fixture.login();
    BOOST_TEST(result.outcome == Outcome::badReply, nameOf(result.outcome) << ": " << result.text);
    BOOST_TEST(contains(result.text, "could not log in: the credential command '/bin/sh' (RUNAI_CREDENTIAL_COMMAND) "),
               result.text);
    BOOST_TEST(fixture.transport.requestCount() == 0U);
    return result.text;
}

void requireNoChildren() {
    BOOST_TEST(::waitpid(-1, nullptr, WNOHANG) == -1);
    BOOST_TEST(errno == ECHILD);
}

/// True once no process of this id is left; the process itself may be somebody else's child.
bool isGone(pid_t id) {
    auto const end = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < end) {
        std::ifstream status("/proc/" + std::to_string(id) + "/stat");
        std::string text;
        // A zombie whom its new parent has not awaited yet is gone, too.
        if (!std::getline(status, text) || contains(text, ") Z ")) {
            return true;
        }
        std::this_thread::yield();
    }
    return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(credential_command)

BOOST_AUTO_TEST_CASE(a_client_that_it_prints_logs_in_and_it_is_asked_anew_at_every_login) {
    TemporaryFolder const folder;
    std::string const file =
        folder.write("pair.json", R"({"clientId":"ci","clientSecret":"the-first-secret"})").string();
    LoginFixture fixture(commandEnvironment(asSetting({"cat", file})));
    fixture.transport.otherwise([](httptest::Request const&) {
        return jsonReply(200, R"({"access_token":"t","refresh_token":"not-to-be-taken"})");
    });
    LoginResult const first = fixture.login();
    BOOST_TEST(first.outcome == Outcome::token, first.text);
    BOOST_TEST(first.token.refreshToken.empty());
    folder.write("pair.json", R"({"clientId":"ci","clientSecret":"the-second-secret"})");
    BOOST_TEST(fixture.login().outcome == Outcome::token);
    BOOST_TEST(fixture.transport.requests().at(0).body ==
               "grant_type=client_credentials&client_id=ci&client_secret=the-first-secret");
    BOOST_TEST(fixture.transport.requests().at(1).body ==
               "grant_type=client_credentials&client_id=ci&client_secret=the-second-secret");
    BOOST_TEST(fixture.source->describe() ==
               "credential_command 'cat' at https://cp.example/, by credential_command "
               "(RUNAI_CREDENTIAL_COMMAND)");
    requireNoChildren();
}

BOOST_AUTO_TEST_CASE(a_token_that_it_prints_is_used_as_it_is) {
    struct Row {
        std::string text;
        std::optional<std::chrono::seconds> atLeast;
        std::optional<std::chrono::seconds> atMost;
    };
    LoginFixture const clock(clientEnvironment());
    std::string const jwt = clock.jwtEndingIn(600s);
    for (Row const& row :
         {Row{R"({"token":"opaque"})", {}, {}}, Row{R"({"token":"opaque","expiresIn":120})", 120s, 120s},
          Row{R"({"token":"opaque","expiresIn":"120","more":[1]})", 120s, 120s},
          Row{R"({"token":")" + jwt + R"("})", 590s, 600s},
          Row{R"({"token":")" + jwt + R"(","expiresIn":9000})", 590s, 600s},
          Row{R"({"token":")" + jwt + R"(","expiresIn":60})", 60s, 60s}}) {
        ScriptFixture fixture(printing(row.text));
        LoginResult const result = fixture.login();
        BOOST_TEST(result.outcome == Outcome::token, result.text);
        BOOST_TEST((result.token.expiresIn >= row.atLeast && result.token.expiresIn <= row.atMost), row.text);
        BOOST_TEST(fixture.transport.requestCount() == 0U);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_argument_vector_is_refused_when_it_is_configured) {
    for (std::string const setting : {"vault read", "[]", "{}", "\"vault\"", "[\"vault\", 1]", "[[\"vault\"]]",
                                      "[\"\"]", "[\"a\\u0000b\"]", "vault,read"}) {
        BOOST_CHECK_EXCEPTION(
            LoginFixture(commandEnvironment(setting)), httptest::Misconfigured, [&](auto const& error) {
                return contains(error.what(),
                                "credential_command (RUNAI_CREDENTIAL_COMMAND) is no JSON array of texts");
            });
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_others_can_write_names_no_command) {
    TemporaryFolder const folder;
    std::string const file =
        folder.write("settings.json", R"({"runai": {"credential_command": "[\"/bin/true\"]"}})").string();
    Environment const environment{{"RUNAI_BASE_URL", "https://cp.example"}, {"HTTPTEST_CONFIG", file}};
    BOOST_CHECK_NO_THROW(LoginFixture{environment});
    std::filesystem::permissions(file, std::filesystem::perms::others_write, std::filesystem::perm_options::add);
    BOOST_CHECK_EXCEPTION(LoginFixture{environment}, httptest::Misconfigured, [&](auto const& error) {
        return contains(error.what(), file) && contains(error.what(), "RUNAI_CREDENTIAL_COMMAND");
    });
}

BOOST_AUTO_TEST_CASE(one_that_cannot_be_started_is_a_wrong_setting) {
    TemporaryFolder const folder;
    std::string const text = folder.write("not-executable", "x").string();
    for (auto const& [program, why] : {std::pair<std::string, char const*>{"/nonexistent/vault", "No such file"},
                                       {"no-such-program-in-the-path", "No such file"},
                                       {text, "Permission denied"}}) {
        LoginFixture fixture(commandEnvironment(asSetting({program})));
        LoginResult const result = fixture.login();
        BOOST_TEST(result.outcome == Outcome::misconfigured, result.text);
        BOOST_TEST(contains(result.text, "'" + program + "' (RUNAI_CREDENTIAL_COMMAND) cannot be started: "),
                   result.text);
        BOOST_TEST(contains(result.text, why), result.text);
    }
}

BOOST_AUTO_TEST_CASE(one_that_fails_is_quoted_with_its_last_words) {
    BOOST_TEST(contains(errorOf("echo 'permission denied on secret/ci' >&2; exit 2"),
                        "ended with status 2; its last words on standard error: permission denied on secret/ci"));
    BOOST_TEST(errorOf("exit 3").ends_with("ended with status 3"));
    BOOST_TEST(contains(errorOf("kill -TERM $$"), "was ended by signal 15"));
    requireNoChildren();
}

BOOST_AUTO_TEST_CASE(nonsense_is_named_without_being_quoted) {
    struct Row {
        std::string output;
        char const* words;
    };
    LoginFixture const clock(clientEnvironment());
    for (Row const& row : {
             Row{"", "is empty"},
             Row{"nonsense-output", "is no JSON"},
             Row{R"({"token":"nonsense-output)", "cut short"},
             Row{R"(["nonsense-output"])", "no object"},
             Row{R"({"password":"nonsense-output"})", "neither a client nor a token"},
             Row{R"({"token":"nonsense-output","clientId":"x"})", "both a client and a token"},
             Row{R"({"clientId":"nonsense-output"})", "a clientSecret that is missing"},
             Row{R"({"clientId":7,"clientSecret":"nonsense-output"})", "a clientId that is missing, empty or no text"},
             Row{R"({"clientId":"ci","clientSecret":""})", "a clientSecret that is missing, empty"},
             Row{R"({"token":7})", "a token that is no text"},
             Row{R"({"token":""})", "the token is empty"},
             Row{R"({"token":"nonsense output"})", "holds white space"},
             Row{R"({"token":"nonsense-output","expiresIn":-1})", "no number of seconds"},
             Row{R"({"token":"nonsense-output","expiresIn":1e999})", "out of range"},
             Row{R"({"token":")" + clock.jwtEndingIn(-5min) + R"("})", "the token ended 5 min ago"},
         }) {
        std::string const error = errorOf(printing(row.output));
        BOOST_TEST(contains(error, row.words), row.output << ": " << error);
        BOOST_TEST(!contains(error, "nonsense"), error);
    }
}

BOOST_AUTO_TEST_CASE(a_flood_on_standard_output_ends_it) {
    BOOST_TEST(contains(errorOf("while :; do echo 0123456789; done"), "printed more than 64 KiB"));
    requireNoChildren();
}

BOOST_AUTO_TEST_CASE(a_flood_on_standard_error_is_cut) {
    std::string const error = errorOf("yes 'a line of many' | head -c 1000000 >&2; echo 'the last line' >&2; exit 1");
    BOOST_TEST(error.ends_with("the last line"), error);
    BOOST_TEST(error.size() < 700U);
    ScriptFixture fixture("yes 'a line of many' | head -c 1000000 >&2; " + printing(R"({"token":"opaque"})"));
    BOOST_TEST(fixture.login().outcome == Outcome::token);
}

BOOST_AUTO_TEST_CASE(one_that_hangs_is_ended_with_all_that_it_started) {
    TemporaryFolder const folder;
    std::string const file = (folder.path() / "pid").string();
    // The pipe ends with the last of the group: the sleeping grandchild holds it, too.
    ScriptFixture fixture("sleep 1000 & echo $! > '" + file + "'; echo waiting >&2; wait", "400");
    LoginResult const result = fixture.login();
    BOOST_TEST(result.outcome == Outcome::badReply, result.text);
    BOOST_TEST(contains(result.text, "did not end within 400 ms; it was ended"), result.text);
    requireNoChildren();
    std::ifstream stream(file);
    pid_t grandchild = 0;
    // Under load it may not have come to that; then there is nothing to be gone.
    if (stream >> grandchild) {
        BOOST_TEST(isGone(grandchild));
    }
}

BOOST_AUTO_TEST_CASE(one_that_closes_its_outputs_and_stays_is_ended) {
    ScriptFixture fixture("exec >&- 2>&-; sleep 1000", "300");
    BOOST_TEST(contains(fixture.login().text, "did not end within 300 ms"));
    requireNoChildren();
}

BOOST_AUTO_TEST_CASE(the_logins_deadline_bounds_it) {
    ScriptFixture fixture("sleep 1000");
    BOOST_CHECK_EXCEPTION(
        fixture.source->fetch({fixture.transport, *fixture.clock, fixture.clock->steady() + 100ms, {}}),
        httptest::BadLoginReply, [](auto const& error) { return contains(error.what(), "within 100 ms"); });
    BOOST_CHECK_THROW(fixture.source->fetch({fixture.transport, *fixture.clock, fixture.clock->steady() - 1s, {}}),
                      httptest::BadLoginReply);
    requireNoChildren();
}

BOOST_AUTO_TEST_CASE(a_cancelled_login_ends_it_at_once) {
    TemporaryFolder const folder;
    std::filesystem::path const started = folder.path() / "started";
    ScriptFixture fixture("touch '" + started.string() + "'; sleep 1000");
    std::stop_source stop;
    std::jthread const canceller([&] {
        while (!std::filesystem::exists(started)) {
            std::this_thread::yield();
        }
        stop.request_stop();
    });
    BOOST_CHECK_THROW(
        fixture.source->fetch({fixture.transport, *fixture.clock, fixture.clock->steady() + 1h, stop.get_token()}),
        httptest::Cancelled);
    requireNoChildren();
}

BOOST_AUTO_TEST_CASE(its_last_words_show_no_secret) {
    std::string const secret = "Zq8-kW3_canary-of-the-command";
    httptest::Secret const known(secret);
    for (std::string const& script :
         {"echo 'using " + secret + "' >&2; exit 1",
          std::string("echo '{\"clientSecret\":\"another-canary-0123\"}' >&2; exit 1"),
          "echo 'token " + LoginFixture().jwtEndingIn(60s) + "' >&2; exit 1",
          // What is on standard output is a secret, whatever its form.
          std::string("echo another-canary-0123; echo 'I said another-canary-0123' >&2; exit 1"),
          std::string("echo '{\"clientSecret\":\"another-canary-0123\"}'; echo another-canary-0123 >&2; exit 1"),
          // Cut in its midst where the tail begins.
          "printf '%s' '" + secret + "' >&2; head -c 8170 /dev/zero | tr '\\0' ' ' >&2; echo end >&2; exit 1"}) {
        std::string const error = errorOf(script);
        BOOST_TEST(shownPiece(error, secret) == "", error);
        BOOST_TEST(!contains(error, "another-canary"), error);
        BOOST_TEST(!contains(error, "eyJ"), error);
    }
}

BOOST_AUTO_TEST_CASE(our_secrets_are_not_in_its_environment_and_no_descriptor_is) {
    TemporaryFolder const folder;
    // Not O_CLOEXEC: what a test's library opened carelessly.
    int const careless = ::fcntl(2, F_DUPFD, 100);
    ScriptFixture fixture("printf '{\"token\":\"open-descriptors-%s\"}' \"$(ls /proc/$$/fd | tr '\\n' '-')\"");
    LoginResult const result = fixture.login();
    ::close(careless);
    BOOST_TEST(result.outcome == Outcome::token, result.text);
    BOOST_TEST(contains(result.token.accessToken.reveal(), "descriptors-0-1-2-"));
    BOOST_TEST(!contains(result.token.accessToken.reveal(), "-" + std::to_string(careless) + "-"));

    std::vector<char const*> const environment{"PATH=/bin",
                                               "HOME=/root",
                                               "VAULT_TOKEN=kept",
                                               "RUNAI_BASE_URL=kept",
                                               "RUNAI_CLIENT_ID=kept",
                                               "RUNAI_CLIENT_SECRET=x",
                                               "RUNAI_ALICE_CLIENT_SECRET=x",
                                               "RUNAI_TOKEN=x",
                                               "RUNAI_PASSWORD=x",
                                               "RUNAI_PROXY_URL=x",
                                               "RUNAI_ALICE_CLIENT_KEY_PASSPHRASE=x",
                                               "HTTPTEST_STORE_PASSWORD=x",
                                               "CORP_LOGIN=x",
                                               "WITHOUT_EQUALS",
                                               nullptr};
    std::vector<std::string> const expected{"PATH=/bin",           "HOME=/root",           "VAULT_TOKEN=kept",
                                            "RUNAI_BASE_URL=kept", "RUNAI_CLIENT_ID=kept", "WITHOUT_EQUALS"};
    BOOST_TEST(runai::withoutSecrets(environment.data(), {"CORP_LOGIN"}) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_refused_client_asks_to_check_the_command) {
    ScriptFixture fixture(printing(R"({"clientId":"ci","clientSecret":"the-wrong-secret"})"));
    fixture.transport.reply(jsonReply(401, R"({"error":"invalid_client"})"));
    BOOST_TEST(fixture.login().text ==
               "could not log in to https://cp.example/api/v2/token as 'ci': invalid_client "
               "(check what RUNAI_CREDENTIAL_COMMAND prints). The program is asked again after a minute at the latest, "
               "by the next request");
}

BOOST_AUTO_TEST_CASE(a_rejection_passes_after_a_minute_since_the_program_may_then_print_another_secret) {
    auto const clock = std::make_shared<httptest::testing::FakeClock>();
    auto const transport = std::make_shared<httptest::testing::ScriptedTransport>(clock);
    runai::TokenApiMemory memory;
    httptest::TokenCache::Parts parts;
    parts.source = std::make_unique<runai::RunAiTokenSource>(
        httptest::Url::parse("https://cp.example"),
        resolve(commandEnvironment(
            asSetting({"/bin/sh", "-c", printing(R"({"clientId":"ci","clientSecret":"the-secret-of-the-vault"})")}))),
        clock, memory);
    parts.transport = transport;
    parts.clock = clock;
    httptest::TokenCache cache(std::move(parts));
    auto const acquire = [&] { return cache.acquire(clock->steady() + 10s, {})->authorization; };
    for (int i = 0; i < 2; ++i) {
        transport->reply(jsonReply(401, R"({"error":"invalid_client"})"));
        BOOST_CHECK_THROW(acquire(), httptest::CredentialsRejected);
        clock->advance(1min - 1ns);
        BOOST_CHECK_THROW(acquire(), httptest::CredentialsRejected);
        BOOST_TEST(transport->requestCount() == static_cast<std::size_t>(i) + 1U);
        clock->advance(1ns);
    }
    transport->reply(jsonReply(200, R"({"access_token":"a-token","expires_in":300})"));
    BOOST_TEST(acquire() == "Bearer a-token");
}

BOOST_AUTO_TEST_SUITE_END()
