#include "fake_client.hpp"

#include <httptest/url.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

namespace runai::testing {

namespace {

using std::chrono::seconds;

std::string const projects = "/api/v1/org-unit/projects";

nlohmann::json passwordOf(FakeControlPlane const& plane) {
    return {{"grantType", "password"}, {"username", plane.userName()}, {"password", plane.userPassword()}};
}

std::string passwordForm(FakeControlPlane const& plane) {
    return "grant_type=password&username=" + httptest::formEncode(plane.userName()) +
           "&password=" + plane.userPassword();
}

std::string refreshForm(std::string const& token) {
    return "grant_type=refresh_token&refresh_token=" + token;
}

std::string externalForm(std::string const& token) {
    return "grant_type=external_token_exchange&external_token=" + token;
}

/// RFC 6749's code for the refusal of this form.
std::string errorV2(FakeControlPlane const& plane, std::string const& form) {
    return FakeClient(plane.url()).loginV2(form).json().value("error", "granted");
}

BOOST_AUTO_TEST_SUITE(fake_grants)

BOOST_AUTO_TEST_CASE(a_user_logs_in_at_every_version_by_v1_and_at_3_0_by_v2_too) {
    for (auto const version : {Version::v2_18, Version::v2_20, Version::v3_0}) {
        FakeControlPlane const plane({.version = version});
        FakeClient client(plane.url());
        auto const reply = client.loginV1(passwordOf(plane));
        BOOST_TEST_REQUIRE(reply.status == 200, reply.body);
        BOOST_TEST(client.get("/api/v1/clusters", reply.json().at("accessToken")).status == 200);
        BOOST_TEST(!reply.json().at("refreshToken").get<std::string>().empty());
        BOOST_TEST(claimsOf(reply.json().at("accessToken")).at("sub") == plane.userName());
        BOOST_TEST(client.loginV2(passwordForm(plane)).status == (version == Version::v3_0 ? 200 : 404));
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_refused_in_each_apis_form) {
    FakeControlPlane plane;
    auto wrong = passwordOf(plane);
    wrong["password"] = "wrong";
    BOOST_TEST(FakeClient(plane.url()).loginV1(wrong).status == 401);
    BOOST_TEST(errorV2(plane, "grant_type=password&username=jo&password=wrong") == "invalid_grant");
    BOOST_TEST(errorV2(plane, "grant_type=password&username=jo") == "invalid_request");
    plane.addUser("jo", "jos-password");
    BOOST_TEST(errorV2(plane, "grant_type=password&username=jo&password=jos-password") == "granted");
    BOOST_TEST(plane.counters().loginsRefused == 3U);
}

BOOST_AUTO_TEST_CASE(v2_may_want_a_client_beside_the_password) {
    FakeControlPlane const plane({.passwordClientId = "web"});
    BOOST_TEST(errorV2(plane, passwordForm(plane)) == "invalid_client");
    BOOST_TEST(errorV2(plane, passwordForm(plane) + "&client_id=cli") == "invalid_client");
    auto const reply = FakeClient(plane.url()).loginV2(passwordForm(plane) + "&client_id=web");
    BOOST_TEST_REQUIRE(reply.status == 200);
    auto const refresh = refreshForm(reply.json().at("refresh_token"));
    BOOST_TEST(errorV2(plane, refresh) == "invalid_client");
    BOOST_TEST(errorV2(plane, refresh + "&client_id=web") == "granted");
}

BOOST_AUTO_TEST_CASE(a_refresh_token_is_good_once_and_brings_the_next_one) {
    FakeControlPlane plane;
    FakeClient client(plane.url());
    auto const first = client.loginV2(passwordForm(plane)).json().at("refresh_token").get<std::string>();
    auto const refreshed = client.loginV2(refreshForm(first));
    BOOST_TEST_REQUIRE(refreshed.status == 200);
    BOOST_TEST(claimsOf(refreshed.json().at("access_token")).at("sub") == plane.userName());
    auto const second = refreshed.json().at("refresh_token").get<std::string>();
    BOOST_TEST(second != first);
    BOOST_TEST(errorV2(plane, refreshForm(first)) == "invalid_grant");
    BOOST_TEST(client.loginV1({{"grantType", "refresh_token"}, {"refreshToken", second}}).status == 200);

    auto const third = client.loginV2(passwordForm(plane)).json().at("refresh_token").get<std::string>();
    plane.revokeRefreshTokens();
    BOOST_TEST(errorV2(plane, refreshForm(third)) == "invalid_grant");
    BOOST_TEST(errorV2(plane, "grant_type=refresh_token") == "invalid_request");
}

BOOST_AUTO_TEST_CASE(without_rotation_a_refresh_token_stays_good) {
    FakeControlPlane const plane({.rotateRefreshTokens = false});
    FakeClient client(plane.url());
    auto const token = client.loginV2(passwordForm(plane)).json().at("refresh_token").get<std::string>();
    for (auto uses = 0; uses < 2; ++uses) {
        auto const reply = client.loginV2(refreshForm(token));
        BOOST_TEST(reply.status == 200);
        BOOST_TEST(!reply.json().contains("refresh_token"));
    }
}

BOOST_AUTO_TEST_CASE(clients_get_refresh_tokens_only_when_asked_to) {
    FakeControlPlane const plane;
    BOOST_TEST(!FakeClient(plane.url()).loginV2(clientCredentialsForm(plane)).json().contains("refresh_token"));
    FakeControlPlane const generous({.refreshTokensForClients = true});
    auto const reply = FakeClient(generous.url()).loginV2(clientCredentialsForm(generous)).json();
    BOOST_TEST(errorV2(generous, refreshForm(reply.at("refresh_token"))) == "granted");
}

BOOST_AUTO_TEST_CASE(a_token_of_the_trusted_identity_provider_is_exchanged) {
    FakeControlPlane plane;
    FakeClient client(plane.url());
    auto const external = plane.externalToken("jenkins:job");
    BOOST_TEST(claimsOf(external).at("iss") == "https://identity.example");
    BOOST_TEST(client.get("/api/v1/clusters", external).message() == "Issuer is not familiar.");
    auto const reply = client.loginV2(externalForm(external));
    BOOST_TEST_REQUIRE(reply.status == 200);
    BOOST_TEST(claimsOf(reply.json().at("access_token")).at("sub") == "jenkins:job");
    BOOST_TEST(!reply.json().contains("refresh_token"));
    BOOST_TEST(client.loginV1({{"grantType", "external_token_exchange"}, {"externalToken", external}}).status == 200);
}

BOOST_AUTO_TEST_CASE(other_external_tokens_are_refused) {
    FakeControlPlane plane;
    FakeControlPlane other;
    for (auto const& token : {plane.externalToken("late", seconds(-1)), other.externalToken("stranger"),
                              std::string("no-jwt"), newToken(plane)}) {
        BOOST_TEST(errorV2(plane, externalForm(token)) == "invalid_grant", token);
    }
    BOOST_TEST(errorV2(plane, "grant_type=external_token_exchange") == "invalid_request");
}

BOOST_AUTO_TEST_CASE(without_v1_there_is_v2_alone) {
    FakeControlPlane const plane({.withoutV1 = true});
    BOOST_TEST(FakeClient(plane.url()).loginV1(clientCredentials(plane)).status == 404);
    BOOST_TEST(errorV2(plane, clientCredentialsForm(plane)) == "granted");
}

BOOST_AUTO_TEST_CASE(a_viewer_reads_what_an_admin_changes) {
    FakeControlPlane plane;
    FakeClient client(plane.url());
    auto const viewer = client
                            .loginV2("grant_type=client_credentials&client_id=" + plane.viewerId() +
                                     "&client_secret=" + plane.viewerSecret())
                            .json()
                            .at("access_token")
                            .get<std::string>();
    auto const admin = newToken(plane);
    nlohmann::json const wanted{{"name", "p"},
                                {"clusterId", plane.clusterId()},
                                {"resources", nlohmann::json::array({{{"gpu", {{"deserved", 1}}}}})}};
    auto const refused = client.postJson(projects, wanted, viewer);
    BOOST_TEST(refused.status == 403);
    BOOST_TEST(refused.json() ==
               nlohmann::json({{"code", 403}, {"message", "You do not have sufficient permissions."}}));
    auto const created = client.postJson(projects, wanted, admin);
    BOOST_TEST_REQUIRE(created.status == 201, created.body);
    auto const item = projects + "/" + created.json().at("id").get<std::string>();

    BOOST_TEST(client.get("/api/v1/clusters", viewer).status == 200);
    BOOST_TEST(client.get(projects, viewer).status == 200);
    BOOST_TEST(client.get(item, viewer).status == 200);
    Headers const headers{{"Authorization", "Bearer " + viewer}, {"Content-Type", "application/json"}};
    BOOST_TEST(client.send("PUT", item, headers, wanted.dump()).status == 403);
    BOOST_TEST(client.send("DELETE", item, headers).status == 403);
    BOOST_TEST(client.get("/api/v1/nothing", viewer).status == 404);
    BOOST_TEST(client.get(projects, "wrong").status == 401);
    BOOST_TEST(plane.counters().unauthorized == 1U);
}

BOOST_AUTO_TEST_CASE(roles_belong_to_every_kind_of_account) {
    FakeControlPlane plane;
    FakeClient client(plane.url());
    plane.addClient("reader", "readers-secret", Role::viewer);
    plane.addUser("rea", "reas-password", Role::viewer);
    for (auto const& form : {std::string("grant_type=client_credentials&client_id=reader&client_secret=readers-secret"),
                             std::string("grant_type=password&username=rea&password=reas-password"),
                             externalForm(plane.externalToken("rea", seconds(60), Role::viewer))}) {
        auto const reply = client.loginV2(form).json();
        BOOST_TEST(client.postJson(projects, {}, reply.at("access_token")).status == 403);
        if (reply.contains("refresh_token")) {
            auto const refreshed = client.loginV2(refreshForm(reply.at("refresh_token"))).json();
            BOOST_TEST(client.postJson(projects, {}, refreshed.at("access_token")).status == 403);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace runai::testing
