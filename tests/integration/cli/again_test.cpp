#include "plane_fixture.hpp"

#include <httptest/configuration.hpp>
#include <httptest/harness.hpp>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

namespace {

boost::test_tools::assertion_result curlIsThere(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result there(runProgram("/bin/sh", {"-c", "command -v curl"}, {}).exitCode == 0);
    there.message() << "curl is not installed";
    return there;
}

/// With a private CA, and a second identity.
class AgainFixture : public SecurePlaneFixture {
public:
    AgainFixture() {
        variables["RUNAI_VIEWER_CLIENT_ID"] = plane.viewerId();
        variables["RUNAI_VIEWER_CLIENT_SECRET"] = plane.viewerSecret();
        variables["http_proxy"] = variables["https_proxy"] = "http://127.0.0.1:9"; // which loopback never goes by
        options.configuration = httptest::Configuration::fromEnvironment({variables.begin(), variables.end()});
    }

    /// Sends the request, and then what its failure text says, by a shell.
    void checkAgain(httptest::RequestBuilder const& request, int status) {
        httptest::Exchange const exchange = request.send();
        BOOST_TEST(exchange.status() == status);
        std::string const text = exchange.text();
        constexpr std::string_view mark = "  again: ";
        auto const begin = text.find(mark) + mark.size();
        std::string const line = text.substr(begin, text.find('\n', begin) - begin);
        BOOST_TEST_CONTEXT(line) {
            Variables inShell = variables;
            inShell["PATH"] = std::filesystem::path(HTTPTEST_COMMAND).parent_path().string() + ":/usr/bin:/bin";
            Ended const ended = runProgram("/bin/sh", {"-ec", line}, inShell);
            BOOST_TEST(ended.exitCode == 0, ended.errors);
            BOOST_TEST(ended.output.starts_with("HTTP/1.1 " + std::to_string(status) + " "), ended.output);
        }
    }

    httptest::HarnessOptions options;
};

} // namespace

BOOST_AUTO_TEST_SUITE(again_line, *boost::unit_test::precondition(&curlIsThere))

BOOST_FIXTURE_TEST_CASE(sends_a_request_again_that_gets_the_same_answer, AgainFixture) {
    httptest::Harness const harness(options);
    auto const session = harness.session();
    checkAgain(session.get("/api/v1/clusters"), 200);
    checkAgain(session.get("/api/v1/org-unit/projects/{id}").path("id", "it's not there"), 404);
    checkAgain(session.post("/api/v1/org-unit/projects").json({{"name", "it's no cluster's"}}), 400);
    checkAgain(session.post("/api/v1/org-unit/projects").identity("viewer").json({{"name", "x"}}), 403);
    checkAgain(session.head("/api/v1/clusters").anonymous(), 401);
}

BOOST_AUTO_TEST_SUITE_END()
