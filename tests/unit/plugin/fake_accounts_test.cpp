#include "fake_api.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace runai::testing {

namespace {

constexpr char const* accessKeys = "/api/v1/access-keys";

std::string itemPath(char const* collection, nlohmann::json const& item) {
    return std::string(collection) + "/" + item.at("id").get<std::string>();
}

BOOST_FIXTURE_TEST_SUITE(fake_accounts, FakeApi)

BOOST_AUTO_TEST_CASE(a_new_service_account_logs_in_at_once_and_may_only_read) {
    auto const reply = post(serviceAccounts, {{"name", "ci-bot"}});
    BOOST_TEST(reply.status == 201);
    auto const account = reply.json();
    auto const bot = logIn(account.at("clientId"), account.at("clientSecret"));
    BOOST_TEST_REQUIRE(!bot.empty());
    BOOST_TEST(claimsOf(bot).at("sub") == account.at("clientId"));
    BOOST_TEST(client.get(projects, bot).status == 200);
    auto const refused = postAs(bot, projects, project("alpha"));
    BOOST_TEST(refused.status == 403);
    BOOST_TEST(refused.json().at("code") == 403);
    BOOST_TEST(postAs(bot, serviceAccounts, {{"name", "another"}}).status == 403);
}

BOOST_AUTO_TEST_CASE(its_secret_is_shown_once_and_can_be_replaced) {
    auto const account = post(serviceAccounts, {{"name", "ci-bot"}}).json();
    auto const path = itemPath(serviceAccounts, account);
    auto const listed = get(serviceAccounts).json();
    BOOST_TEST_REQUIRE(listed.is_array());
    BOOST_TEST_REQUIRE(listed.size() == 1U);
    BOOST_TEST(get(path).json() == listed.at(0));
    BOOST_TEST(!listed.at(0).contains("clientSecret"));
    for (auto const* field :
         {"name", "createdBy", "createdAt", "updatedAt", "enabled", "lastLogin", "id", "clientId"}) {
        BOOST_TEST(listed.at(0).contains(field), field);
    }

    auto const renewed = post(path + "/secret", nlohmann::json::object());
    BOOST_TEST(renewed.status == 200);
    BOOST_TEST(logIn(account.at("clientId"), account.at("clientSecret")).empty());
    BOOST_TEST(!logIn(account.at("clientId"), renewed.json().at("clientSecret")).empty());
}

BOOST_AUTO_TEST_CASE(a_deleted_service_account_logs_in_no_more) {
    auto const account = post(serviceAccounts, {{"name", "ci-bot"}}).json();
    auto const path = itemPath(serviceAccounts, account);
    BOOST_TEST(remove(path).status == 204);
    BOOST_TEST(logIn(account.at("clientId"), account.at("clientSecret")).empty());
    BOOST_TEST(get(path).status == 404);
    BOOST_TEST(remove(path).status == 404);
    BOOST_TEST(post(path + "/secret", nlohmann::json::object()).status == 404);
    BOOST_TEST(get(serviceAccounts).json().empty());
}

BOOST_AUTO_TEST_CASE(names_of_accounts_and_keys_are_checked) {
    for (auto const* collection : {serviceAccounts, accessKeys}) {
        for (auto const* name : {"", "a", "Bot", "1bot", "bot-", "b ot", "-bot"}) {
            BOOST_TEST(post(collection, {{"name", name}}).status == 400, collection << " '" << name << "'");
        }
        BOOST_TEST(post(collection, nlohmann::json::object()).status == 400);
        BOOST_TEST(post(collection, {{"name", 7}}).status == 400);
        BOOST_TEST(post(collection, {{"name", "b-o_t1"}}).status == 201);
        BOOST_TEST(post(collection, {{"name", "b-o_t1"}}).status == 409);
    }
}

BOOST_AUTO_TEST_CASE(an_access_key_logs_in_as_its_owner) {
    auto const reply = post(accessKeys, {{"name", "laptop"}});
    BOOST_TEST(reply.status == 201);
    auto const key = reply.json();
    BOOST_TEST(key.contains("createdAt"));
    auto const laptop = logIn(key.at("clientId"), key.at("clientSecret"));
    BOOST_TEST_REQUIRE(!laptop.empty());
    BOOST_TEST(claimsOf(laptop).at("sub") == plane.clientId());
    BOOST_TEST(postAs(laptop, projects, project("alpha")).status == 201);

    auto const renewed = post(itemPath(accessKeys, key) + "/secret", nlohmann::json::object());
    BOOST_TEST(renewed.status == 200);
    BOOST_TEST(logIn(key.at("clientId"), key.at("clientSecret")).empty());
    BOOST_TEST(!logIn(key.at("clientId"), renewed.json().at("clientSecret")).empty());
    BOOST_TEST(remove(itemPath(accessKeys, key)).status == 204);
    BOOST_TEST(logIn(key.at("clientId"), renewed.json().at("clientSecret")).empty());
}

BOOST_AUTO_TEST_CASE(access_keys_are_seen_by_their_owner_alone) {
    auto const key = post(accessKeys, {{"name", "laptop"}}).json();
    auto const path = itemPath(accessKeys, key);
    BOOST_TEST(get(accessKeys).json().at("accessKeys").at(0) == get(path).json());
    BOOST_TEST(!get(path).json().contains("clientSecret"));

    token = logIn(plane.viewerId(), plane.viewerSecret());
    BOOST_TEST(get(accessKeys).json().at("accessKeys").empty());
    BOOST_TEST(get(path).status == 404);
    BOOST_TEST(remove(path).status == 404);
    BOOST_TEST(post(path + "/secret", nlohmann::json::object()).status == 404);
    BOOST_TEST(post(accessKeys, {{"name", "laptop"}}).status == 201);
}

BOOST_AUTO_TEST_CASE(there_are_none_before_client_credentials) {
    FakeControlPlane const old({.version = Version::v2_18});
    FakeClient oldClient(old.url());
    std::string const admin = oldClient.loginV1(appToken(old)).json().at("accessToken");
    BOOST_TEST(oldClient.get(serviceAccounts, admin).status == 404);
    BOOST_TEST(oldClient.get(accessKeys, admin).status == 404);
    BOOST_TEST(oldClient.get(projects, admin).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace runai::testing
