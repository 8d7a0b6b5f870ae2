#include "credentials/choose.hpp"
#include "login_fixture.hpp"

#include <httptest/error.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace runai::testing;
using httptest::testing::TemporaryFolder;
using runai::Grant;

namespace {

runai::Choice choose(Environment const& environment) {
    return runai::chooseCredentials(resolve(environment), httptest::Url::parse("https://cp.example"),
                                    httptest::systemClock());
}

std::string errorOf(Environment const& environment) {
    try {
        choose(environment);
    } catch (httptest::Misconfigured const& error) {
        return error.what();
    }
    return "no error";
}

/// Every mode with what it needs at least; no value is a setting's name.
struct ModeRow {
    std::string name;
    Environment environment;
    std::optional<Grant> grant;
    std::string found;
};

std::vector<ModeRow> const modeRows{
    {"client_credentials",
     {{"RUNAI_CLIENT_ID", "v-1"}, {"RUNAI_CLIENT_SECRET", "v-2"}},
     Grant::clientCredentials,
     "client_id (RUNAI_CLIENT_ID), client_secret (RUNAI_CLIENT_SECRET)"},
    {"app_token",
     {{"RUNAI_APP_ID", "v-3"}, {"RUNAI_APP_SECRET_FILE", "/v-4"}},
     Grant::appToken,
     "app_id (RUNAI_APP_ID), app_secret (RUNAI_APP_SECRET_FILE)"},
    {"external_token_exchange",
     {{"RUNAI_EXTERNAL_TOKEN_FILE", "/v-5"}},
     Grant::externalToken,
     "external_token (RUNAI_EXTERNAL_TOKEN_FILE)"},
    {"password",
     {{"RUNAI_USERNAME", "v-6"}, {"RUNAI_PASSWORD", "v-7"}},
     Grant::password,
     "username (RUNAI_USERNAME), password (RUNAI_PASSWORD)"},
    {"token", {{"RUNAI_TOKEN_FILE", "/v-8"}}, std::nullopt, "token (RUNAI_TOKEN_FILE)"},
    {"cli", {{"RUNAI_CLI_CONFIG_PATH", "/v-9"}}, std::nullopt, "cli_config_path (RUNAI_CLI_CONFIG_PATH)"},
    {"credential_command",
     {{"RUNAI_CREDENTIAL_COMMAND", R"(["v-10"])"}},
     Grant::clientCredentials,
     "credential_command (RUNAI_CREDENTIAL_COMMAND)"},
};

Environment joined(Environment left, Environment const& right) {
    left.insert(right.begin(), right.end());
    return left;
}

} // namespace

BOOST_AUTO_TEST_SUITE(credential_choice)

BOOST_AUTO_TEST_CASE(the_mode_follows_from_what_is_configured_and_is_listed_without_values) {
    for (ModeRow const& row : modeRows) {
        BOOST_TEST_CONTEXT(row.name) {
            runai::Choice const choice = choose(row.environment);
            BOOST_TEST((choice.source->account().grant == row.grant));
            BOOST_TEST(choice.source->account().description.starts_with(row.name),
                       choice.source->account().description);
            BOOST_TEST(choice.found == row.found);
        }
    }
}

BOOST_AUTO_TEST_CASE(two_modes_conflict_whichever_they_are_unless_one_is_chosen) {
    for (ModeRow const& left : modeRows) {
        for (ModeRow const& right : modeRows) {
            if (left.name == right.name || left.name == "cli" || right.name == "cli") {
                continue;
            }
            BOOST_TEST_CONTEXT(left.name << " and " << right.name) {
                Environment const both = joined(left.environment, right.environment);
                std::string const error = errorOf(both);
                for (std::string const& part : {left.found, right.found, std::string("RUNAI_CREDENTIALS")}) {
                    BOOST_TEST(contains(error, part), error);
                }
                BOOST_TEST(!contains(error, "v-"), error);

                runai::Choice const chosen = choose(with(both, "RUNAI_CREDENTIALS", left.name));
                BOOST_TEST((chosen.source->account().grant == left.grant));
                bool const usersClient = left.name == "password" && right.name == "client_credentials";
                BOOST_TEST(chosen.found == (usersClient
                                                ? left.found + ", client_id (RUNAI_CLIENT_ID); not used: client_secret "
                                                               "(RUNAI_CLIENT_SECRET)"
                                                : left.found + "; not used: " + right.found));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(three_sets_are_counted) {
    Environment all = joined(modeRows[0].environment, modeRows[1].environment);
    all = joined(all, modeRows[4].environment);
    BOOST_TEST(contains(errorOf(all), "3 sets of credentials: client_id"), errorOf(all));
}

BOOST_AUTO_TEST_CASE(the_tools_own_variable_conflicts_with_nothing) {
    Environment const both = joined(modeRows[0].environment, modeRows[5].environment);
    BOOST_TEST(choose(both).found == modeRows[0].found + "; not used: " + modeRows[5].found);
    BOOST_TEST(choose(with(both, "RUNAI_CREDENTIALS", "cli")).found ==
               modeRows[5].found + "; not used: " + modeRows[0].found);
}

BOOST_AUTO_TEST_CASE(a_client_id_beside_a_password_belongs_to_it) {
    runai::Choice const choice = choose(with(modeRows[3].environment, "RUNAI_CLIENT_ID", "the-client"));
    BOOST_TEST((choice.source->account().grant == Grant::password));
    BOOST_TEST(choice.source->account().clientId == "the-client");
    BOOST_TEST(choice.found == modeRows[3].found + ", client_id (RUNAI_CLIENT_ID)");
    BOOST_TEST(choose(modeRows[3].environment).source->account().clientId.empty());
}

BOOST_AUTO_TEST_CASE(a_chosen_mode_without_its_settings_names_them) {
    struct Row {
        char const* mode;
        std::vector<std::string> named;
    };
    for (Row const& row : {
             Row{"client_credentials", {"RUNAI_CLIENT_ID", "RUNAI_CLIENT_SECRET"}},
             Row{"app_token", {"RUNAI_APP_ID", "RUNAI_APP_SECRET"}},
             Row{"external_token_exchange", {"RUNAI_EXTERNAL_TOKEN"}},
             Row{"password", {"RUNAI_USERNAME", "RUNAI_PASSWORD"}},
             Row{"token", {"RUNAI_TOKEN"}},
             Row{"credential_command", {"RUNAI_CREDENTIAL_COMMAND"}},
         }) {
        std::string const error = errorOf({{"RUNAI_CREDENTIALS", row.mode}});
        for (std::string const& named : row.named) {
            BOOST_TEST(contains(error, named), row.mode << ": " << error);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_mode_that_does_not_exist_is_refused_with_those_that_do) {
    BOOST_CHECK_EXCEPTION(resolve({{"RUNAI_CREDENTIALS", "vault"}}), httptest::Misconfigured, [](auto const& error) {
        return contains(error.what(), "RUNAI_CREDENTIALS") && contains(error.what(), "external_token_exchange");
    });
}

BOOST_AUTO_TEST_CASE(every_wrong_combination_names_its_settings_and_what_to_do) {
    struct Row {
        std::vector<std::string> set;
        std::vector<std::string> named;
    };
    std::string const clientId = "RUNAI_CLIENT_ID";
    std::string const clientSecret = "RUNAI_CLIENT_SECRET";
    std::string const appId = "RUNAI_APP_ID";
    std::string const appSecret = "RUNAI_APP_SECRET";
    for (Row const& row : {
             Row{{}, {"no credentials", clientId, clientSecret, appId, appSecret}},
             Row{{clientId}, {"client_id (RUNAI_CLIENT_ID) is set without client_secret", "set " + clientSecret}},
             Row{{clientSecret}, {"client_secret (RUNAI_CLIENT_SECRET) is set without client_id", "set " + clientId}},
             Row{{appId}, {"app_id (RUNAI_APP_ID) is set without app_secret", "set " + appSecret}},
             Row{{appSecret}, {"app_secret (RUNAI_APP_SECRET) is set without app_id", "set " + appId}},
             Row{{"RUNAI_USERNAME"}, {"username (RUNAI_USERNAME) is set without password", "set RUNAI_PASSWORD"}},
             Row{{"RUNAI_PASSWORD"}, {"password (RUNAI_PASSWORD) is set without username", "set RUNAI_USERNAME"}},
             Row{{clientId, appId}, {"two sets", clientId, appId}},
             Row{{clientId, appSecret}, {"two sets", clientId, appSecret}},
             Row{{clientSecret, appId}, {"two sets", clientSecret, appId}},
             Row{{clientSecret, appSecret}, {"two sets", clientSecret, appSecret}},
             Row{{clientId, clientSecret, appId}, {"two sets", clientId, clientSecret, appId}},
             Row{{clientId, appId, appSecret}, {"two sets", clientId, appId, appSecret}},
             Row{{clientId, clientSecret, appId, appSecret}, {"two sets", clientId, clientSecret, appId, appSecret}},
         }) {
        Environment environment;
        std::string names;
        for (std::string const& name : row.set) {
            environment[name] = "v-a-l-u-e-of-" + name;
            names += name + " ";
        }
        BOOST_TEST_CONTEXT("set: " << names) {
            std::string const error = errorOf(environment);
            for (std::string const& named : row.named) {
                BOOST_TEST(contains(error, named), error << " does not say " << named);
            }
            BOOST_TEST(!contains(error, "v-a-l-u-e"), error);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_conflict_names_the_sources_of_both_sides) {
    TemporaryFolder const folder;
    std::string const file =
        folder.write("settings.json", R"({"runai": {"app_id": "ci-app", "app_secret": "0123456789"}})").string();
    std::string const error = errorOf(with(clientEnvironment(), "HTTPTEST_CONFIG", file));
    BOOST_TEST(contains(error, "client_id (RUNAI_CLIENT_ID)"), error);
    BOOST_TEST(contains(error, "app_id (key 'runai.app_id' of " + file + ")"), error);
}

BOOST_AUTO_TEST_SUITE_END()
