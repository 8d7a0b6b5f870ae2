#define BOOST_TEST_MODULE existing_poco_suite
#include <boost/test/unit_test.hpp>
#include <httptest/boost_test_poco.hpp>
#include <httptest/poco.hpp>

#include <Poco/Net/HTTPSClientSession.h>

#include <iterator>
#include <memory>
#include <string>

using httptest::HarnessFixture;
using namespace Poco::Net;
BOOST_TEST_GLOBAL_FIXTURE(HarnessFixture);

/// What such suites have: a client over Poco's sessions. The two calls of httptest in `send` are all that is new.
struct PocoClient : httptest::CaseFixture {
    HTTPResponse::HTTPStatus send() {
        auto const attached = httptest::authorize(session, request, server);
        exchange();
        if (httptest::refused(session, request, response, attached)) { // a 401 that a new token may cure
            httptest::authorize(session, request, server);
            exchange();
        }
        return response.getStatus();
    }

    virtual void exchange() {
        ++sent;
        try {
            client->sendRequest(request);
            std::istream& content = client->receiveResponse(response);
            body.assign(std::istreambuf_iterator<char>(content), {});
        } catch (Poco::Exception const& error) { // says what happened, and not with whom
            throw Poco::IOException("no reply of " + server.toString(), error);
        }
    }

    /// Straight to the server, as ever: the proxy of httptest's own requests is not Poco's.
    static std::unique_ptr<HTTPClientSession> connect(Poco::URI const& to) {
        if (to.getScheme() == "http") {
            return std::make_unique<HTTPClientSession>(to.getHost(), to.getPort());
        }
        auto const settings =
            httptest::Configuration::fromEnvironment().resolve("runai", httptest::Harness::connectionSettingSpecs());
        auto const caFile = settings.has("ca_file") ? settings.text("ca_file") : ""; // beside the system's
        Context::Ptr tls = new Context(Context::TLS_CLIENT_USE, caFile, Context::VERIFY_STRICT, 9, true);
        tls->requireMinimumProtocol(Context::PROTO_TLSV1_2);
        return std::make_unique<HTTPSClientSession>(to.getHost(), to.getPort(), tls);
    }

    Poco::URI const server{httptest::harness().baseUrl().text()};
    std::unique_ptr<HTTPClientSession> const client = connect(server);
    HTTPRequest request{HTTPRequest::HTTP_GET, "/api/v1/clusters", HTTPRequest::HTTP_1_1};
    HTTPResponse response;
    std::string body;
    int sent = 0;
};

/// The token of its first request is dead when it arrives.
struct PocoClientWithDeadToken : PocoClient {
    void exchange() override {
        if (sent == 0) {
            request.set("Authorization", "Bearer dead");
        }
        PocoClient::exchange();
    }
};

BOOST_FIXTURE_TEST_CASE(a_request_of_pocos_carries_the_token, PocoClient) {
    BOOST_TEST(send() == HTTPResponse::HTTP_OK);
    BOOST_TEST(body.starts_with('['));
    BOOST_TEST(sent == 1);
}

BOOST_FIXTURE_TEST_CASE(a_refused_token_is_replaced_and_the_request_replayed_once, PocoClientWithDeadToken) {
    BOOST_TEST(send() == HTTPResponse::HTTP_OK);
    BOOST_TEST(sent == 2);
}

BOOST_FIXTURE_TEST_CASE(a_request_with_a_credential_of_its_own_is_left_alone, PocoClient) {
    request.set("Authorization", "Bearer of somebody else");
    BOOST_TEST(send() == HTTPResponse::HTTP_UNAUTHORIZED);
    BOOST_TEST(sent == 1);
}
