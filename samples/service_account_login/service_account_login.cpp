#define BOOST_TEST_MODULE service_account_login
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>
#include <httptest/unique_name.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>

using httptest::HarnessFixture;
BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture);

/// Control planes 2.18 and 2.19 have applications in their place.
httptest::Need serviceAccounts() {
    return httptest::Need([](httptest::Harness const& harness) {
        auto const reply = harness.session().get("/api/v1/service-accounts").send();
        return reply.status() == 404 ? "this control plane has no service accounts" : "";
    });
}

/// A service account of its own for each case, and an identity that logs in with it.
struct NewServiceAccount : httptest::CaseFixture {
    NewServiceAccount() : account(create()) {
        cleanup.add(session.del("/api/v1/service-accounts/{id}").path("id", id()));
        httptest::harness().identity("new-account", {clientId(), httptest::Secret(account["clientSecret"])});
    }
    ~NewServiceAccount() { httptest::harness().removeIdentity("new-account"); }

    nlohmann::json create() const {
        return session.post("/api/v1/service-accounts")
            .json({{"name", httptest::uniqueName("sample")}})
            .send()
            .requireStatus(201)
            .json();
    }
    std::string id() const { return account["id"]; }
    std::string clientId() const { return account["clientId"]; }

    /// What is wrong with an empty workspace (400) is said to those who may create one.
    httptest::Exchange createNothing() const {
        return session.post("/api/v1/workloads/workspaces")
            .body("{}", "application/json")
            .identity("new-account")
            .send();
    }

    nlohmann::json account;
};

BOOST_FIXTURE_TEST_SUITE(service_accounts, NewServiceAccount, *httptest::skipUnless(serviceAccounts()))

BOOST_AUTO_TEST_CASE(it_logs_in_at_once_and_may_change_nothing) {
    session.get("/api/v1/clusters").identity("new-account").send().expectStatus(200);
    createNothing().expectStatus(403);
}

BOOST_AUTO_TEST_CASE(a_rule_lets_it_run_workspaces) {
    auto const cluster = session.get("/api/v1/clusters").send().requireStatus(200).capture<std::string>("/0/uuid");
    auto const roles = session.get("/api/v1/authorization/roles").send().requireStatus(200).json();
    auto const researcher =
        std::find_if(roles.begin(), roles.end(), [](auto const& role) { return role["name"] == "L1 researcher"; });
    BOOST_TEST_REQUIRE((researcher != roles.end()));
    auto const rule = session.post("/api/v1/authorization/access-rules")
                          .json({{"subjectId", clientId()},
                                 {"subjectType", "service-account"},
                                 {"roleId", researcher->at("id")},
                                 {"scopeType", "cluster"},
                                 {"scopeId", cluster}})
                          .send()
                          .requireStatus(201)
                          .capture<int>("/id");
    cleanup.add(session.del("/api/v1/authorization/access-rules/{id}").path("id", rule));

    createNothing().expectStatus(400);
}

BOOST_AUTO_TEST_CASE(a_new_secret_ends_the_old_one) {
    session.post("/api/v1/service-accounts/{id}/secret").path("id", id()).send().requireStatus(200);
    BOOST_CHECK_THROW(session.get("/api/v1/clusters").identity("new-account").send(), httptest::CredentialsRejected);
}

BOOST_AUTO_TEST_SUITE_END()

/// They are the caller's own, where the caller may have them.
httptest::Need accessKeys() {
    return httptest::Need([](httptest::Harness const& harness) {
        auto const reply = harness.session().get("/api/v1/access-keys").send();
        return reply.status() == 200 ? "" : "this account cannot have access keys";
    });
}

BOOST_FIXTURE_TEST_CASE(an_access_key_logs_in_until_it_is_deleted, httptest::CaseFixture,
                        *httptest::skipUnless(accessKeys())) {
    auto const key = session.post("/api/v1/access-keys")
                         .json({{"name", httptest::uniqueName("sample")}})
                         .send()
                         .requireStatus(201)
                         .json();
    auto const remove = session.del("/api/v1/access-keys/{id}").path("id", std::string(key["id"]));
    cleanup.add(remove);
    auto const logIn = [&] {
        return httptest::harness().identity("new-key", {key["clientId"], httptest::Secret(key["clientSecret"])});
    };
    logIn().get("/api/v1/clusters").send().expectStatus(200);
    httptest::harness().removeIdentity("new-key"); // and with it its token, which outlives the key

    remove.send().requireStatus(204);
    BOOST_CHECK_THROW(logIn().get("/api/v1/clusters").send(), httptest::CredentialsRejected);
    httptest::harness().removeIdentity("new-key");
}
