#include "fake_client.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <vector>

namespace runai::testing {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

int statusOfV1(FakeControlPlane const& plane, nlohmann::json const& body) {
    return FakeClient(plane.url()).loginV1(body).status;
}

int statusOfV2(FakeControlPlane const& plane) {
    return FakeClient(plane.url()).loginV2(clientCredentialsForm(plane)).status;
}

std::future<int> loginInBackground(FakeControlPlane const& plane) {
    return std::async(std::launch::async, [&plane] { return statusOfV2(plane); });
}

BOOST_AUTO_TEST_SUITE(fake_token_apis)

BOOST_AUTO_TEST_CASE(each_version_has_the_grants_that_its_documentation_has) {
    FakeControlPlane const v218({.version = Version::v2_18});
    BOOST_TEST(statusOfV1(v218, appToken(v218)) == 200);
    BOOST_TEST(statusOfV1(v218, clientCredentials(v218)) == 400);
    BOOST_TEST(statusOfV2(v218) == 404);

    FakeControlPlane const v220({.version = Version::v2_20});
    BOOST_TEST(statusOfV1(v220, appToken(v220)) == 200);
    BOOST_TEST(statusOfV1(v220, clientCredentials(v220)) == 200);
    BOOST_TEST(statusOfV2(v220) == 404);

    FakeControlPlane const v30({.version = Version::v3_0});
    BOOST_TEST(statusOfV1(v30, appToken(v30)) == 400);
    BOOST_TEST(statusOfV1(v30, clientCredentials(v30)) == 200);
    BOOST_TEST(statusOfV2(v30) == 200);
}

BOOST_AUTO_TEST_CASE(a_token_of_every_grant_opens_the_api) {
    FakeControlPlane const plane({.version = Version::v2_20});
    FakeClient client(plane.url());
    for (auto const& body : {appToken(plane), clientCredentials(plane)}) {
        auto const token = client.loginV1(body).json().at("accessToken").get<std::string>();
        BOOST_TEST(client.get("/api/v1/clusters", token).status == 200);
        BOOST_TEST(claimsOf(token).at("sub") == plane.clientId());
    }
}

BOOST_AUTO_TEST_CASE(v1_replies_hold_only_the_token_unless_asked) {
    FakeControlPlane const plane;
    auto const reply = FakeClient(plane.url()).loginV1(clientCredentials(plane));
    BOOST_TEST(reply.headers.at("Content-Type") == "application/json");
    BOOST_TEST(reply.json().size() == 1U);
    BOOST_TEST(reply.json().contains("accessToken"));

    FakeControlPlane const telling({.expiresIn = ExpiresIn::always});
    BOOST_TEST(FakeClient(telling.url()).loginV1(clientCredentials(telling)).json().at("expiresIn") == 3600);
}

BOOST_AUTO_TEST_CASE(v2_replies_are_those_of_rfc_6749_with_a_lifetime_unless_asked_not_to) {
    FakeControlPlane plane;
    auto const reply = FakeClient(plane.url()).loginV2(clientCredentialsForm(plane));
    BOOST_TEST(reply.headers.at("Cache-Control") == "no-store");
    BOOST_TEST(reply.json().at("token_type") == "Bearer");
    BOOST_TEST(reply.json().at("expires_in") == 3600);
    BOOST_TEST(reply.json().contains("access_token"));
    plane.setTokenLifetime(seconds(7));
    BOOST_TEST(FakeClient(plane.url()).loginV2(clientCredentialsForm(plane)).json().at("expires_in") == 7);

    FakeControlPlane const silent({.expiresIn = ExpiresIn::never});
    BOOST_TEST(!FakeClient(silent.url()).loginV2(clientCredentialsForm(silent)).json().contains("expires_in"));
}

BOOST_AUTO_TEST_CASE(v1_names_are_read_without_regard_to_case) {
    FakeControlPlane const plane({.version = Version::v2_20});
    auto const& id = plane.clientId();
    auto const& secret = plane.clientSecret();
    std::vector<nlohmann::json> const bodies{
        {{"grantType", "client_credentials"}, {"clientID", id}, {"clientSecret", secret}},
        {{"GrantType", "client_credentials"}, {"ClientID", id}, {"ClientSecret", secret}},
        {{"granttype", "client_credentials"}, {"clientid", id}, {"CLIENTSECRET", secret}},
        {{"grantType", "app_token"}, {"appID", id}, {"appSecret", secret}},
        {{"grantType", "app_token"}, {"AppId", id}, {"AppSecret", secret}},
    };
    for (auto const& body : bodies) {
        BOOST_TEST(statusOfV1(plane, body) == 200, body.dump());
    }
}

BOOST_AUTO_TEST_CASE(v1_refuses_in_the_apis_own_form) {
    FakeControlPlane const plane;
    FakeClient client(plane.url());
    auto const refusal = [&](std::string const& mediaType, std::string const& body) {
        auto const reply = client.send("POST", "/api/v1/token", {{"Content-Type", mediaType}}, body);
        BOOST_TEST(reply.json().at("code") == reply.status);
        BOOST_TEST(!reply.message().empty());
        return reply.status;
    };
    auto wrong = clientCredentials(plane);
    wrong["clientSecret"] = "wrong";
    auto unknown = clientCredentials(plane);
    unknown["clientId"] = "nobody";
    auto incomplete = clientCredentials(plane);
    incomplete.erase("clientSecret");
    auto mistyped = clientCredentials(plane);
    mistyped["clientSecret"] = 7;

    BOOST_TEST(refusal("application/json", wrong.dump()) == 401);
    BOOST_TEST(refusal("application/json", unknown.dump()) == 401);
    BOOST_TEST(refusal("application/json", incomplete.dump()) == 400);
    BOOST_TEST(refusal("application/json", mistyped.dump()) == 400);
    BOOST_TEST(refusal("application/json", R"({"grantType":"password"})") == 400);
    BOOST_TEST(refusal("application/json", "{}") == 400);
    BOOST_TEST(refusal("application/json", "[]") == 400);
    BOOST_TEST(refusal("application/json", "{\"grantType\":") == 400);
    BOOST_TEST(refusal("application/json", "") == 400);
    BOOST_TEST(refusal("text/plain", clientCredentials(plane).dump()) == 400);
    BOOST_TEST(plane.counters().loginsRefused == 10U);
    BOOST_TEST(plane.counters().unauthorized == 0U);
    BOOST_TEST(refusal("Application/JSON; charset=utf-8", wrong.dump()) == 401);
}

BOOST_AUTO_TEST_CASE(v2_refuses_in_the_form_of_rfc_6749) {
    FakeControlPlane const plane;
    FakeClient client(plane.url());
    auto const refusal = [&](std::string const& form, int status,
                             std::string const& mediaType = "application/x-www-form-urlencoded") {
        auto const reply = client.send("POST", "/api/v2/token", {{"Content-Type", mediaType}}, form);
        BOOST_TEST(reply.status == status);
        BOOST_TEST(reply.headers.at("Cache-Control") == "no-store");
        BOOST_TEST(reply.json().at("error_description").is_string());
        return reply.json().at("error").get<std::string>();
    };
    auto const right = clientCredentialsForm(plane);
    BOOST_TEST(refusal("grant_type=client_credentials&client_id=fake-client&client_secret=wrong", 401) ==
               "invalid_client");
    BOOST_TEST(refusal("grant_type=client_credentials&client_id=fake-client", 400) == "invalid_request");
    BOOST_TEST(refusal("grant_type=authorization_code&code=c", 400) == "unsupported_grant_type");
    BOOST_TEST(refusal("client_id=fake-client", 400) == "invalid_request");
    BOOST_TEST(refusal("", 400) == "invalid_request");
    BOOST_TEST(refusal(right + "&grant_type=client_credentials", 400) == "invalid_request");
    BOOST_TEST(refusal("grant_type=%zz", 400) == "invalid_request");
    BOOST_TEST(refusal(right, 400, "application/json") == "invalid_request");
    // v2 has the names of the RFC and no others.
    BOOST_TEST(refusal("grantType=client_credentials&clientId=fake-client&clientSecret=x", 400) == "invalid_request");
}

BOOST_AUTO_TEST_CASE(form_values_are_decoded) {
    FakeControlPlane plane;
    plane.addClient("a client", "p&ss=w+rd%");
    auto const form = "grant_type=client_credentials&client_id=a+client&client_secret=p%26ss%3Dw%2Brd%25";
    BOOST_TEST(FakeClient(plane.url()).loginV2(form).status == 200);
}

BOOST_AUTO_TEST_CASE(other_methods_on_the_token_endpoints_are_405_without_a_bearer) {
    FakeControlPlane const plane;
    FakeClient client(plane.url());
    BOOST_TEST(client.send("GET", "/api/v1/token").status == 405);
    BOOST_TEST(client.send("GET", "/api/v2/token").status == 405);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(fake_clients)

BOOST_AUTO_TEST_CASE(a_rotated_secret_replaces_the_old_one_and_tokens_stay_valid) {
    FakeControlPlane plane;
    auto const token = newToken(plane);
    plane.setSecret(plane.clientId(), "rotated");
    BOOST_TEST(statusOfV2(plane) == 401);
    auto rotated = clientCredentials(plane);
    rotated["clientSecret"] = "rotated";
    BOOST_TEST(statusOfV1(plane, rotated) == 200);
    BOOST_TEST(FakeClient(plane.url()).get("/api/v1/clusters", token).status == 200);
}

BOOST_AUTO_TEST_CASE(clients_can_be_added_and_removed) {
    FakeControlPlane plane;
    nlohmann::json const login{{"grantType", "client_credentials"}, {"clientId", "second"}, {"clientSecret", "s"}};
    BOOST_TEST(statusOfV1(plane, login) == 401);
    plane.addClient("second", "s");
    BOOST_TEST(statusOfV1(plane, login) == 200);
    plane.removeClient("second");
    BOOST_TEST(statusOfV1(plane, login) == 401);
    BOOST_CHECK_THROW(plane.setSecret("second", "t"), std::out_of_range);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(fake_login_control)

BOOST_AUTO_TEST_CASE(held_logins_wait_until_they_are_released) {
    FakeControlPlane plane;
    plane.holdLogins();
    auto one = loginInBackground(plane);
    auto two = loginInBackground(plane);
    BOOST_TEST(plane.waitForHeldLogins(2, seconds(10)));
    BOOST_TEST(!plane.waitForHeldLogins(3, milliseconds(1)));
    BOOST_TEST(plane.counters().loginRequests() == 2U);
    BOOST_TEST(plane.counters().logins() == 0U);
    BOOST_TEST((one.wait_for(seconds(0)) == std::future_status::timeout));
    plane.releaseLogins();
    BOOST_TEST(one.get() == 200);
    BOOST_TEST(two.get() == 200);
    BOOST_TEST(plane.counters().loginsV2 == 2U);
    BOOST_TEST(statusOfV2(plane) == 200);
}

BOOST_AUTO_TEST_CASE(a_barrier_can_be_used_again_at_once) {
    FakeControlPlane plane;
    plane.holdLogins();
    auto first = loginInBackground(plane);
    BOOST_TEST(plane.waitForHeldLogins(1, seconds(10)));
    plane.releaseLogins();
    plane.holdLogins();
    BOOST_TEST(first.get() == 200);
    BOOST_TEST(!plane.waitForHeldLogins(1, milliseconds(0)));
    auto second = loginInBackground(plane);
    BOOST_TEST(plane.waitForHeldLogins(1, seconds(10)));
    plane.releaseLogins();
    BOOST_TEST(second.get() == 200);
}

BOOST_AUTO_TEST_CASE(api_calls_go_on_while_logins_are_held) {
    FakeControlPlane plane;
    auto const token = newToken(plane);
    plane.holdLogins();
    auto held = loginInBackground(plane);
    BOOST_TEST(plane.waitForHeldLogins(1, seconds(10)));
    BOOST_TEST(FakeClient(plane.url()).get("/api/v1/clusters", token).status == 200);
    plane.releaseLogins();
    BOOST_TEST(held.get() == 200);
}

BOOST_AUTO_TEST_CASE(logins_take_as_long_as_they_are_told_to) {
    FakeControlPlane plane;
    plane.setLoginDelay(milliseconds(30));
    auto const begin = std::chrono::steady_clock::now();
    BOOST_TEST(statusOfV2(plane) == 200);
    BOOST_TEST((std::chrono::steady_clock::now() - begin >= milliseconds(30)));
}

BOOST_AUTO_TEST_CASE(scripted_replies_come_first_and_in_order) {
    FakeControlPlane plane;
    plane.scriptLogins({
        {.status = 429, .headers = {{"Retry-After", "2"}}},
        {.status = 200, .headers = {{"Content-Type", "text/html"}}, .body = "<html>sign in</html>"},
    });
    FakeClient client(plane.url());
    auto const throttled = client.loginV2(clientCredentialsForm(plane));
    BOOST_TEST(throttled.status == 429);
    BOOST_TEST(throttled.headers.at("Retry-After") == "2");
    BOOST_TEST(throttled.body.empty());
    auto const page = client.loginV1(clientCredentials(plane));
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.headers.at("Content-Type") == "text/html");
    BOOST_TEST(page.body == "<html>sign in</html>");
    BOOST_TEST(client.loginV2(clientCredentialsForm(plane)).status == 200);

    auto const counters = plane.counters();
    BOOST_TEST(counters.loginRequestsV2 == 2U);
    BOOST_TEST(counters.loginRequestsV1 == 1U);
    BOOST_TEST(counters.logins() == 1U);
    BOOST_TEST(counters.loginsRefused == 0U);
}

BOOST_AUTO_TEST_CASE(login_requests_are_recorded_as_they_came) {
    FakeControlPlane const plane({.version = Version::v2_20});
    FakeClient client(plane.url());
    client.loginV2("grant_type=client_credentials");
    client.send("POST", "/api/v1/token", {{"X-Trace", "7"}}, "not json");
    auto const requests = plane.loginRequests();
    BOOST_TEST_REQUIRE(requests.size() == 2U);
    BOOST_TEST((requests[0].api == TokenApi::v2));
    BOOST_TEST(requests[0].path == "/api/v2/token");
    BOOST_TEST(requests[0].body == "grant_type=client_credentials");
    BOOST_TEST((requests[1].api == TokenApi::v1));
    BOOST_TEST(requests[1].body == "not json");
    Headers const headers(requests[1].headers.begin(), requests[1].headers.end());
    BOOST_TEST(headers.at("X-Trace") == "7");
}

BOOST_AUTO_TEST_CASE(what_is_recorded_is_bounded) {
    FakeControlPlane const plane;
    FakeClient client(plane.url());
    for (auto count = 0; count < 1010; ++count) {
        client.loginV2("n=" + std::to_string(count));
    }
    auto const requests = plane.loginRequests();
    BOOST_TEST_REQUIRE(requests.size() == 1000U);
    BOOST_TEST(requests.front().body == "n=10");
    BOOST_TEST(requests.back().body == "n=1009");
}

BOOST_AUTO_TEST_CASE(counters_tell_apis_and_outcomes_apart) {
    FakeControlPlane const plane;
    FakeClient client(plane.url());
    client.loginV2(clientCredentialsForm(plane));
    client.loginV2("grant_type=none");
    client.loginV1(clientCredentials(plane));
    client.loginV1(clientCredentials(plane));
    client.get("/api/v1/clusters", "opaque");
    client.get("/api/v1/clusters", plane.newestToken());
    auto const counters = plane.counters();
    BOOST_TEST(counters.requests == 6U);
    BOOST_TEST(counters.loginRequestsV1 == 2U);
    BOOST_TEST(counters.loginRequestsV2 == 2U);
    BOOST_TEST(counters.loginsV1 == 2U);
    BOOST_TEST(counters.loginsV2 == 1U);
    BOOST_TEST(counters.loginsRefused == 1U);
    BOOST_TEST(counters.unauthorized == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

} // namespace runai::testing
