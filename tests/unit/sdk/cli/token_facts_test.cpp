#include "doctor/token_facts.hpp"

#include "support/make_jwt.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace std::chrono_literals;
using httptest::AuthStatus;
using httptest::Instant;
using httptest::cli::describeToken;
using httptest::cli::Result;
using httptest::cli::Step;

namespace {

Instant const now{httptest::SteadyTime(1000s), httptest::WallTime(1767225600s)}; // 2026-01-01T00:00:00Z

AuthStatus statusOf(bool renewable) {
    AuthStatus status;
    status.fingerprint = "0123456789ab";
    status.expiresAt = now.steady + 1h;
    status.lifetimeSource = "exp - iat";
    status.renewable = renewable;
    return status;
}

std::string fact(Step const& step, std::string const& name) {
    for (auto const& [key, value] : step.facts) {
        if (key == name) {
            return value;
        }
    }
    return "absent";
}

} // namespace

BOOST_AUTO_TEST_SUITE(DoctorsTokenFacts)

BOOST_AUTO_TEST_CASE(the_claims_of_a_jwt_are_told) {
    std::string const token = httptest::testing::makeJwt(R"({"sub":"ci","iss":"https://id.test","tenantId":1001})");
    Step const step = describeToken(statusOf(true), "Bearer " + token, now, {});
    BOOST_CHECK(step.result == Result::ok);
    BOOST_TEST(fact(step, "subject") == "ci");
    BOOST_TEST(fact(step, "issuer") == "https://id.test");
    BOOST_TEST(fact(step, "tenant") == "1001");
    BOOST_TEST(fact(step, "fingerprint") == "0123456789ab");
    BOOST_TEST(fact(step, "ends") == "2026-01-01T01:00:00Z");
    BOOST_TEST(fact(step, "seconds_left") == "3600");
    BOOST_TEST(step.text.find(token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_opaque_token_has_no_claims_and_is_not_told) {
    Step const step = describeToken(statusOf(true), "Bearer opaque-secret-token", now, {});
    BOOST_TEST(fact(step, "subject") == "absent");
    BOOST_TEST(step.text.find("opaque-secret-token") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_token_that_ends_before_the_tests_fails_only_where_no_other_can_be_had) {
    BOOST_CHECK(describeToken(statusOf(true), "", now, 3h).result == Result::ok);
    BOOST_CHECK(describeToken(statusOf(false), "", now, {}).result == Result::ok);
    BOOST_CHECK(describeToken(statusOf(false), "", now, 3600s).result == Result::ok);
    Step const step = describeToken(statusOf(false), "", now, 3601s);
    BOOST_CHECK(step.result == Result::failed);
    BOOST_TEST(!step.remedy.empty());
    BOOST_TEST(step.text.find("cannot be renewed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_external_token_that_ends_before_the_tests_is_a_warning) {
    AuthStatus status = statusOf(true);
    BOOST_TEST(fact(describeToken(status, "", now, 3h), "logins_end") == "absent");
    status.renewableUntil = now.wall + 50min;
    BOOST_CHECK(describeToken(status, "", now, {}).result == Result::ok);
    BOOST_CHECK(describeToken(status, "", now, 50min).result == Result::ok);
    Step const step = describeToken(status, "", now, 51min);
    BOOST_CHECK(step.result == Result::warned);
    BOOST_TEST(fact(step, "logins_end") == "2026-01-01T00:50:00Z");
    BOOST_TEST(step.text.find("--for asks for 51 min") != std::string::npos, step.text);
    BOOST_TEST(step.remedy.find("rewritten in time") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
