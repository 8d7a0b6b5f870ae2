#include "integration/session/session_over_network.hpp"

#include <httptest/poco.hpp>

#include <boost/test/unit_test.hpp>

#include <Poco/Net/HTTPClientSession.h>

#include <chrono>
#include <ios>
#include <istream>
#include <limits>
#include <string>

namespace {

using Poco::Net::HTTPRequest;
using Poco::Net::HTTPResponse;
using session_over_network::SessionOverNetwork;
using session_support::HarnessOverScript;
using session_support::holds;
using session_support::tokenOf;

/// Sends as an existing suite would; returns the status.
int sendWithPoco(Poco::URI const& uri, HTTPRequest& request, HTTPResponse& response) {
    Poco::Net::HTTPClientSession client(uri.getHost(), uri.getPort());
    client.sendRequest(request);
    std::istream& body = client.receiveResponse(response);
    body.ignore(std::numeric_limits<std::streamsize>::max());
    return response.getStatus();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(poco_sessions, SessionOverNetwork)

BOOST_AUTO_TEST_CASE(get_the_tests_token_and_one_login) {
    Poco::URI const uri(api.url("/api/v1/clusters?limit=5"));
    for (int sent = 0; sent < 2; ++sent) {
        HTTPRequest request(HTTPRequest::HTTP_GET, uri.getPathEtc(), HTTPRequest::HTTP_1_1);
        request.set("X-Mine", "kept");
        auto const attached = httptest::authorize(session(), request, uri);
        BOOST_TEST(attached.fingerprint == session().auth().fingerprint);
        HTTPResponse response;
        BOOST_TEST(sendWithPoco(uri, request, response) == 200);
        BOOST_TEST(!httptest::refused(session(), request, response, attached));
        BOOST_TEST(request.has("Authorization"));
        std::string const received = api.requests().back();
        BOOST_TEST(received.starts_with("GET /api/v1/clusters?limit=5 HTTP/1.1\r\n"), received);
        BOOST_TEST(holds(received, "Authorization: Bearer " + tokenOf(1) + "\r\n"));
        BOOST_TEST(holds(received, "X-Mine: kept\r\n"));
    }
    BOOST_TEST(script->logins == 1);
}

BOOST_AUTO_TEST_CASE(are_sent_once_more_with_a_new_token_after_a_401) {
    Poco::URI const uri(api.url("/x"));
    api.refuse();
    HTTPRequest request(HTTPRequest::HTTP_POST, "/x", HTTPRequest::HTTP_1_1);
    request.setContentLength(0);
    auto const attached = httptest::authorize(session(), request, uri);
    HTTPResponse response;
    BOOST_TEST(sendWithPoco(uri, request, response) == 401);
    BOOST_REQUIRE(httptest::refused(session(), request, response, attached));
    BOOST_TEST(!request.has("Authorization"));
    BOOST_TEST(httptest::authorize(session(), request, uri).fingerprint != attached.fingerprint);
    BOOST_TEST(sendWithPoco(uri, request, response) == 200);
    BOOST_TEST(holds(api.requests().at(1), "Authorization: Bearer " + tokenOf(2) + "\r\n"));
    BOOST_TEST(script->logins == 2);
}

BOOST_AUTO_TEST_CASE(get_no_token_for_another_origin_nor_in_place_of_their_own) {
    HTTPRequest request(HTTPRequest::HTTP_GET, "/x", HTTPRequest::HTTP_1_1);
    auto const attached = httptest::authorize(session(), request, Poco::URI(other.url("/x")));
    BOOST_TEST(!attached.attached());
    BOOST_TEST(!request.has("Authorization"));
    HTTPResponse response(HTTPResponse::HTTP_UNAUTHORIZED);
    BOOST_TEST(!httptest::refused(session(), request, response, attached));

    HTTPRequest own(HTTPRequest::HTTP_GET, "/x", HTTPRequest::HTTP_1_1);
    own.set("Authorization", "Basic dGVzdDpvd24=");
    auto const none = httptest::authorize(session(), own, Poco::URI(api.url("/x")));
    BOOST_TEST(!none.attached());
    BOOST_TEST(!httptest::refused(session(), own, response, none));
    BOOST_TEST(own.get("Authorization") == "Basic dGVzdDpvd24=");
    BOOST_TEST(script->logins == 0);
}

BOOST_AUTO_TEST_CASE(with_a_uri_that_is_none_or_holds_a_password_are_refused) {
    HTTPRequest request;
    for (char const* uri : {"/x", "ftp://h/x", "http://user:hunter2@127.0.0.1/x"}) {
        BOOST_CHECK_EXCEPTION(httptest::authorize(session(), request, Poco::URI(uri)), httptest::InvalidRequest,
                              [](auto const& error) { return !holds(error.what(), "hunter2"); });
    }
    BOOST_TEST(script->logins == 0);
}

BOOST_AUTO_TEST_CASE(keep_a_fields_other_values) {
    HTTPRequest request(HTTPRequest::HTTP_GET, "/x", HTTPRequest::HTTP_1_1);
    request.add("X-Many", "1");
    request.add("X-Many", "2");
    Poco::URI const uri(api.url("/x"));
    httptest::authorize(session(), request, uri);
    HTTPResponse response;
    sendWithPoco(uri, request, response);
    BOOST_TEST(holds(api.requests().back(), "X-Many: 1\r\n"));
    BOOST_TEST(holds(api.requests().back(), "X-Many: 2\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(poco_sessions_over_script, HarnessOverScript)

BOOST_AUTO_TEST_CASE(get_no_token_in_clear_text_beyond_loopback) {
    options.configuration->set("scripted.base_url", "http://api.test");
    HTTPRequest request(HTTPRequest::HTTP_GET, "/x", HTTPRequest::HTTP_1_1);
    BOOST_CHECK_EXCEPTION(httptest::authorize(session(), request, Poco::URI("http://api.test/x")),
                          httptest::Misconfigured,
                          [](auto const& error) { return holds(error.what(), "in clear text"); });
    BOOST_TEST(!request.has("Authorization"));
    BOOST_TEST(script->logins == 0);
}

BOOST_AUTO_TEST_CASE(get_a_new_token_shortly_before_the_old_one_ends) {
    auto const authorized = [&] {
        HTTPRequest request(HTTPRequest::HTTP_GET, "/x", HTTPRequest::HTTP_1_1);
        httptest::authorize(session(), request, Poco::URI("https://api.test/x"));
        return request.get("Authorization");
    };
    BOOST_TEST(authorized() == "Bearer " + tokenOf(1));
    script->clock->advance(std::chrono::minutes(50));
    BOOST_TEST(authorized() == "Bearer " + tokenOf(1));
    script->clock->advance(std::chrono::minutes(10) - std::chrono::seconds(3));
    BOOST_TEST(authorized() == "Bearer " + tokenOf(2));
    BOOST_TEST(script->logins == 2);
}

BOOST_AUTO_TEST_SUITE_END()
