#include "control_plane_fixture.hpp"

#include <httptest/error.hpp>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

namespace {

using runai::testing::ScriptedReply;

/// Sends one request and returns the text of the error of this type that it must throw.
template <class Expected>
std::string errorOf(ControlPlaneFixture const& fixture) {
    httptest::Harness const harness(fixture.options());
    try {
        harness.session().get("/api/v1/clusters").send();
    } catch (Expected const& error) {
        BOOST_TEST(std::string(error.what()).find(fixture.plane.clientSecret()) == std::string::npos);
        return error.what();
    } catch (httptest::Error const& error) {
        BOOST_ERROR(std::string("another error: ") + error.what());
        return {};
    }
    BOOST_ERROR("no error");
    return {};
}

struct BadReply {
    char const* name;
    int status;
    char const* contentType;
    char const* body;
};

std::ostream& operator<<(std::ostream& stream, BadReply const& reply) {
    return stream << reply.name;
}

BadReply const badReplies[] = {
    {"HTML with 403", 403, "text/html", "<html><title>Firewall</title></html>"},
    {"an empty body", 200, "application/json", ""},
    {"truncated JSON", 200, "application/json", R"({"access_token":"abc)"},
    {"JSON without a token", 200, "application/json", R"({"token_type":"Bearer"})"},
    {"a negative lifetime", 200, "application/json", R"({"access_token":"abcdefgh","expires_in":-1})"},
    {"a lifetime of 2^64", 200, "application/json", R"({"access_token":"abcdefgh","expires_in":18446744073709551616})"},
    {"a lifetime in words", 200, "application/json", R"({"access_token":"abcdefgh","expires_in":"soon"})"},
    {"a token with CR and LF", 200, "application/json", R"({"access_token":"abc\r\nX-Evil: 1"})"},
    {"a token of another type", 200, "application/json", R"({"access_token":"abcdefgh","token_type":"mac"})"},
};

struct LifetimeText {
    char const* text;
    char const* source;
};

std::ostream& operator<<(std::ostream& stream, LifetimeText const& lifetime) {
    return stream << lifetime.text;
}

LifetimeText const readableLifetimes[] = {
    {"0", "unknown, assumed"}, {"null", "unknown, assumed"}, {"\"3600\"", "expires_in"}, {"3600", "expires_in"}};

} // namespace

BOOST_AUTO_TEST_SUITE(BadInput)

BOOST_AUTO_TEST_CASE(a_wrong_secret_is_a_login_error_that_names_url_client_and_remedy) {
    ControlPlaneFixture fixture;
    fixture.environment["RUNAI_CLIENT_SECRET"] = "certainly-not-the-secret";
    std::string const text = errorOf<httptest::CredentialsRejected>(fixture);
    requireIn(text, {"could not log in to " + fixture.plane.url() + "/api/v2/token", "as '" + fixture.plane.clientId(),
                     "invalid_client", "RUNAI_CLIENT_SECRET"});
    BOOST_TEST(text.find("certainly-not-the-secret") == std::string::npos);
    BOOST_TEST(fixture.plane.counters().loginRequests() == 1U);
}

BOOST_DATA_TEST_CASE(a_login_reply_that_is_none_is_its_own_error, boost::unit_test::data::make(badReplies), reply) {
    ControlPlaneFixture fixture;
    fixture.environment["RUNAI_TOKEN_API"] = "v2";
    fixture.plane.scriptLogins({ScriptedReply{reply.status, {{"Content-Type", reply.contentType}}, reply.body}});
    requireIn(errorOf<httptest::BadLoginReply>(fixture), {"could not log in", fixture.plane.url()});
}

BOOST_DATA_TEST_CASE(lifetimes_that_can_be_read_are, boost::unit_test::data::make(readableLifetimes), lifetime) {
    ControlPlaneFixture fixture;
    fixture.plane.scriptLogins(
        {ScriptedReply{200,
                       {{"Content-Type", "application/json"}},
                       std::string(R"({"access_token":"opaque-token-1","expires_in":)") + lifetime.text + "}"}});
    std::string firstLogin;
    httptest::HarnessOptions options = fixture.options();
    options.events = [&](httptest::AuthEvent const& event) {
        if (event.kind == httptest::AuthEvent::Kind::loginSucceeded && firstLogin.empty()) {
            firstLogin = event.text;
        }
    };
    httptest::Harness const harness(std::move(options));
    harness.session().get("/api/v1/clusters").send();
    requireIn(firstLogin, {lifetime.source});
}

BOOST_AUTO_TEST_CASE(a_port_where_nobody_listens_is_unreachable) {
    ControlPlaneFixture fixture;
    {
        runai::testing::FakeControlPlane const gone;
        fixture.environment["RUNAI_BASE_URL"] = gone.url();
    }
    fixture.environment["HTTPTEST_LOGIN_TIMEOUT_MS"] = "1000";
    requireIn(errorOf<httptest::LoginUnreachable>(fixture), {"could not log in", "refused"});
}

BOOST_AUTO_TEST_CASE(a_certificate_of_an_unknown_ca_names_its_issuer_and_the_setting) {
    runai::testing::FakeControlPlaneOptions options;
    options.tls = true;
    ControlPlaneFixture fixture(options);
    fixture.environment.erase("RUNAI_CA_FILE");
    requireIn(errorOf<httptest::TlsError>(fixture), {"could not log in", "issuer", "ca_file"});
}

BOOST_AUTO_TEST_CASE(a_ca_file_that_is_missing_is_named) {
    runai::testing::FakeControlPlaneOptions options;
    options.tls = true;
    ControlPlaneFixture fixture(options);
    fixture.environment["RUNAI_CA_FILE"] = "/nonexistent/ca.pem";
    requireIn(errorOf<httptest::TlsError>(fixture), {"/nonexistent/ca.pem"});
}

BOOST_AUTO_TEST_CASE(plain_http_to_a_tls_port_and_the_reverse_are_told_apart_from_bad_credentials) {
    runai::testing::FakeControlPlaneOptions options;
    options.tls = true;
    ControlPlaneFixture secure(options);
    secure.environment["RUNAI_BASE_URL"] = "http" + secure.plane.url().substr(5);
    secure.environment["HTTPTEST_LOGIN_TIMEOUT_MS"] = "1000";
    httptest::Harness const harness(secure.options());
    BOOST_CHECK_THROW(harness.session().get("/api/v1/clusters").send(), httptest::LoginError);

    ControlPlaneFixture plain;
    plain.environment["RUNAI_BASE_URL"] = "https" + plain.plane.url().substr(4);
    requireIn(errorOf<httptest::TlsError>(plain), {"could not log in", "TLS"});
}

BOOST_AUTO_TEST_CASE(a_missing_base_url_says_how_to_set_it) {
    ControlPlaneFixture fixture;
    fixture.environment.erase("RUNAI_BASE_URL");
    BOOST_CHECK_EXCEPTION(httptest::Harness(fixture.options()), httptest::Misconfigured, [](auto const& error) {
        return std::string(error.what()).find("RUNAI_BASE_URL") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(a_slow_login_ends_with_the_requests_own_deadline) {
    ControlPlaneFixture fixture;
    fixture.plane.holdLogins();
    fixture.environment["HTTPTEST_REQUEST_TIMEOUT_MS"] = "300";
    requireIn(errorOf<httptest::LoginTimedOut>(fixture), {"login", "attempt 1"});
    fixture.plane.releaseLogins();
}

BOOST_AUTO_TEST_SUITE_END()
