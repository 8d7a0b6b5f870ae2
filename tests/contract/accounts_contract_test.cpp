#include "checked_api.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace contract {

namespace {

constexpr char const* accessKeys = "/api/v1/access-keys";
constexpr char const* roles = "/api/v1/authorization/roles";

BOOST_FIXTURE_TEST_SUITE(accounts, CheckedApi)

BOOST_AUTO_TEST_CASE(errors_about_service_accounts_and_access_keys_keep_the_contract) {
    for (auto const* collection : {serviceAccounts, accessKeys}) {
        auto const item = std::string(collection) + "/unknown";
        send("POST", collection, 400, {{"name", "No"}});
        send("POST", collection, 201, {{"name", "ci-bot"}});
        send("POST", collection, 409, {{"name", "ci-bot"}});
        send("GET", item, 404);
        send("DELETE", item, 404);
        send("POST", item + "/secret", 404);
    }
}

BOOST_AUTO_TEST_CASE(errors_about_roles_and_access_rules_keep_the_contract) {
    nlohmann::json rule{{"subjectId", "ada"},
                        {"subjectType", "user"},
                        {"roleId", 4},
                        {"scopeType", "cluster"},
                        {"scopeId", plane.clusterId()}};
    send("POST", accessRules, 201, rule);
    for (auto const* query : {"", "?limit=1&offset=1", "?scopeType=cluster"}) {
        send("GET", std::string(accessRules) + query, 200);
    }
    rule["roleId"] = 99;
    send("POST", accessRules, 404, rule);
    rule["roleId"] = "4";
    send("POST", accessRules, 400, rule);
    send("GET", std::string(accessRules) + "/99", 404);
    send("DELETE", std::string(accessRules) + "/99", 404);
    send("GET", std::string(roles) + "/99", 404);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace contract
