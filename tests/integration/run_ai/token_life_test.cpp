#include "control_plane_fixture.hpp"

#include <httptest/error.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;

} // namespace

BOOST_AUTO_TEST_SUITE(TokenLife)

BOOST_AUTO_TEST_CASE(thirty_two_threads_on_an_empty_cache_make_one_login) {
    ControlPlaneFixture fixture;
    httptest::Harness const harness(fixture.options());
    httptest::Session const session = harness.session();
    std::atomic<int> succeeded{0};
    fixture.plane.holdLogins();
    {
        std::vector<std::jthread> threads;
        threads.reserve(32);
        for (int i = 0; i < 32; ++i) {
            threads.emplace_back([&] { succeeded += session.get("/api/v1/clusters").send().status() == 200 ? 1 : 0; });
        }
        BOOST_REQUIRE(fixture.plane.waitForHeldLogins(1, 20s));
        fixture.plane.releaseLogins();
    }
    BOOST_TEST(succeeded == 32);
    BOOST_TEST(fixture.plane.counters().loginRequests() == 1U);
}

BOOST_AUTO_TEST_CASE(a_revoked_token_is_replaced_without_the_test_noticing) {
    ControlPlaneFixture fixture;
    httptest::Harness const harness(fixture.options());
    httptest::Session const session = harness.session();
    session.get("/api/v1/clusters").send().requireStatus(200);
    fixture.plane.revokeTokens();

    auto const exchange = session.get("/api/v1/clusters").send();

    exchange.expectStatus(200);
    BOOST_TEST(exchange.attempts() == 2);
    BOOST_TEST(fixture.plane.counters().unauthorized == 1U);
    BOOST_TEST(fixture.plane.counters().loginRequests() == 2U);
}

BOOST_AUTO_TEST_CASE(a_refused_replay_gives_the_test_the_401_with_a_diagnosis_and_causes_no_login_per_request) {
    ControlPlaneFixture fixture;
    httptest::Harness const harness(fixture.options());
    httptest::Session const session = harness.session();
    fixture.plane.setClockSkew(-2h); // its tokens end before they begin, as those of a foreign issuer might
    session.get("/api/v1/clusters").send();
    fixture.plane.setClockSkew(2h);

    for (int i = 0; i < 20; ++i) {
        session.get("/api/v1/clusters").send();
    }

    BOOST_TEST(fixture.plane.counters().loginRequests() <= 3U);
}

BOOST_AUTO_TEST_CASE(a_failed_login_for_the_replay_leaves_the_401_and_says_why) {
    ControlPlaneFixture fixture;
    httptest::Harness const harness(fixture.options());
    httptest::Session const session = harness.session();
    session.get("/api/v1/clusters").send().requireStatus(200);
    fixture.plane.revokeTokens();
    fixture.plane.setSecret(fixture.plane.clientId(), "another-secret-altogether");

    auto const exchange = session.get("/api/v1/clusters").send();

    exchange.expectStatus(401);
    BOOST_TEST(exchange.text().find("the new login failed") != std::string::npos, exchange.text());
    BOOST_TEST(exchange.text().find("invalid_client") != std::string::npos, exchange.text());
}

BOOST_AUTO_TEST_CASE(a_secret_that_rotates_in_its_file_is_picked_up) {
    ControlPlaneFixture fixture;
    fixture.environment.erase("RUNAI_CLIENT_SECRET");
    fixture.environment["RUNAI_CLIENT_SECRET_FILE"] =
        fixture.folder.write("secret", fixture.plane.clientSecret() + "\n").string();
    httptest::Harness const harness(fixture.options());
    httptest::Session const session = harness.session();
    session.get("/api/v1/clusters").send().requireStatus(200);

    fixture.plane.setSecret(fixture.plane.clientId(), "the-rotated-secret-0001");
    fixture.folder.write("secret", "the-rotated-secret-0001\n");
    fixture.plane.revokeTokens();

    session.get("/api/v1/clusters").send().expectStatus(200);
}

BOOST_AUTO_TEST_CASE(a_wrong_secret_costs_one_login_however_many_requests_are_made) {
    ControlPlaneFixture fixture;
    fixture.environment["RUNAI_CLIENT_SECRET"] = "not-the-secret-of-this-client";
    httptest::Harness const harness(fixture.options());
    httptest::Session const session = harness.session();
    for (int i = 0; i < 2000; ++i) {
        BOOST_REQUIRE_THROW(session.get("/api/v1/clusters").send(), httptest::CredentialsRejected);
    }
    BOOST_TEST(fixture.plane.counters().loginRequests() == 1U);
    BOOST_TEST(fixture.plane.counters().requests == 1U);
}

BOOST_AUTO_TEST_CASE(a_session_that_ends_during_a_login_leaves_the_login_to_the_others) {
    ControlPlaneFixture fixture;
    fixture.plane.holdLogins();
    httptest::Harness const harness(fixture.options());
    {
        httptest::Session const session = harness.session();
        BOOST_CHECK_THROW(session.get("/api/v1/clusters").timeout(50ms).send(), httptest::LoginTimedOut);
    }
    BOOST_REQUIRE(fixture.plane.waitForHeldLogins(1, 20s));
    fixture.plane.releaseLogins();
    harness.session().get("/api/v1/clusters").send().expectStatus(200);
    BOOST_TEST(fixture.plane.counters().loginRequests() == 1U);
}

BOOST_AUTO_TEST_CASE(a_harness_that_ends_during_a_login_ends_at_once) {
    ControlPlaneFixture fixture;
    fixture.plane.holdLogins();
    auto harness = std::make_unique<httptest::Harness>(fixture.options());
    httptest::Session const session = harness->session();
    std::atomic<bool> cancelled{false};
    std::jthread caller([&] {
        try {
            session.get("/api/v1/clusters").send();
        } catch (httptest::Cancelled const&) {
            cancelled = true;
        }
    });
    BOOST_REQUIRE(fixture.plane.waitForHeldLogins(1, 20s));
    harness.reset();
    caller.join();
    BOOST_TEST(cancelled);
}

BOOST_AUTO_TEST_SUITE_END()
