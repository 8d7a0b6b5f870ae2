#define BOOST_TEST_MODULE service_account_login
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <random>
#include <string>

namespace utf = boost::unit_test;
using boost::test_tools::assertion_result;
using httptest::HarnessFixture;
BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture);

/// Control planes 2.18 and 2.19 have applications in their place.
assertion_result hasServiceAccounts(utf::test_unit_id) {
    try {
        auto const reply = httptest::harness().session().get("/api/v1/service-accounts").send();
        assertion_result result(reply.status() != 404);
        result.message() << "this control plane has no service accounts";
        return result;
    } catch (httptest::Error const&) {
        return true; // the cases meet it too, and show it
    }
}

/// A service account of its own for each case, and an identity that logs in with it.
struct NewServiceAccount : httptest::CaseFixture {
    NewServiceAccount() {
        auto const name = "sample-" + std::to_string(std::random_device()());
        account = session.post("/api/v1/service-accounts").json({{"name", name}}).send().requireStatus(201).json();
        httptest::harness().identity("new-account", {clientId(), httptest::Secret(account["clientSecret"])});
    }
    ~NewServiceAccount() {
        try {
            httptest::harness().removeIdentity("new-account");
            session.del("/api/v1/service-accounts/{id}").path("id", id()).send().expectStatus(204);
        } catch (httptest::Error const& error) {
            BOOST_ERROR(error.what());
        }
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

BOOST_FIXTURE_TEST_SUITE(service_accounts, NewServiceAccount, *utf::precondition(hasServiceAccounts))

BOOST_AUTO_TEST_CASE(it_logs_in_at_once_and_may_change_nothing) {
    session.get("/api/v1/clusters").identity("new-account").send().expectStatus(200);
    createNothing().expectStatus(403);
}

BOOST_AUTO_TEST_CASE(a_rule_lets_it_run_workspaces) {
    auto const clusters = session.get("/api/v1/clusters").send().requireStatus(200).json();
    auto const roles = session.get("/api/v1/authorization/roles").send().requireStatus(200).json();
    auto const researcher =
        std::find_if(roles.begin(), roles.end(), [](auto const& role) { return role["name"] == "L1 researcher"; });
    BOOST_TEST_REQUIRE((researcher != roles.end()));
    auto const rule = session.post("/api/v1/authorization/access-rules")
                          .json({{"subjectId", clientId()},
                                 {"subjectType", "service-account"},
                                 {"roleId", researcher->at("id")},
                                 {"scopeType", "cluster"},
                                 {"scopeId", clusters.at(0).at("uuid")}})
                          .send()
                          .requireStatus(201)
                          .json();

    createNothing().expectStatus(400);
    session.del("/api/v1/authorization/access-rules/{id}").path("id", rule["id"].get<int>()).send().expectStatus(204);
}

BOOST_AUTO_TEST_CASE(a_new_secret_ends_the_old_one) {
    session.post("/api/v1/service-accounts/{id}/secret").path("id", id()).send().requireStatus(200);
    BOOST_CHECK_THROW(session.get("/api/v1/clusters").identity("new-account").send(), httptest::CredentialsRejected);
}

BOOST_AUTO_TEST_SUITE_END()
