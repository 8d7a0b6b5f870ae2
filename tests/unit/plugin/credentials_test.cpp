#include "credentials.hpp"
#include "login_fixture.hpp"

#include <httptest/error.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace runai::testing;
using runai::Credentials;
using runai::Grant;

namespace {

std::string errorOf(Environment const& environment) {
    try {
        Credentials::from(resolve(environment));
    } catch (httptest::Misconfigured const& error) {
        return error.what();
    }
    return "no error";
}

} // namespace

BOOST_AUTO_TEST_SUITE(credentials)

BOOST_AUTO_TEST_CASE(client_id_and_secret_select_client_credentials) {
    Credentials const credentials = Credentials::from(resolve(clientEnvironment()));
    BOOST_TEST((credentials.grant == Grant::clientCredentials));
    BOOST_TEST(credentials.id == "ci-bot");
    BOOST_TEST(credentials.secret.read().reveal() == canary);
}

BOOST_AUTO_TEST_CASE(app_id_and_secret_select_app_token) {
    Credentials const credentials = Credentials::from(resolve(appEnvironment()));
    BOOST_TEST((credentials.grant == Grant::appToken));
    BOOST_TEST(credentials.id == "ci-app");
    BOOST_TEST(credentials.secret.read().reveal() == canary);
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
    httptest::testing::TemporaryFolder const folder;
    std::string const file =
        folder.write("settings.json", R"({"runai": {"app_id": "ci-app", "app_secret": "0123456789"}})").string();
    std::string const error = errorOf(with(clientEnvironment(), "HTTPTEST_CONFIG", file));
    BOOST_TEST(contains(error, "client_id (RUNAI_CLIENT_ID)"), error);
    BOOST_TEST(contains(error, "app_id (key 'runai.app_id' of " + file + ")"), error);
}

BOOST_AUTO_TEST_CASE(a_secret_file_is_read_anew_at_every_use) {
    httptest::testing::TemporaryFolder const folder;
    Environment environment = clientEnvironment();
    environment.erase("RUNAI_CLIENT_SECRET");
    environment["RUNAI_CLIENT_SECRET_FILE"] = folder.write("secret", "the-first-secret\n").string();
    Credentials const credentials = Credentials::from(resolve(environment));
    BOOST_TEST(credentials.secret.read().reveal() == "the-first-secret");
    folder.write("secret", "the-second-secret\n");
    BOOST_TEST(credentials.secret.read().reveal() == "the-second-secret");
}

BOOST_AUTO_TEST_SUITE_END()
