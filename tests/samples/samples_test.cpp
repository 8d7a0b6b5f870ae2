#include "integration/cli/command.hpp"
#include "support/contains.hpp"

#include <httptest/testing/temporary_folder.hpp>

#include <runai/testing/fake_control_plane.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <utility>
#include <vector>

namespace {

/// A fake control plane with TLS, and programs that are configured for it.
struct Programs {
    Programs() {
        plane.addClient("ada", "adas-secret-text", runai::testing::Role::viewer);
        variables = {{"RUNAI_BASE_URL", plane.url()},
                     {"RUNAI_CA_FILE", folder.write("ca.pem", plane.caCertificatePem()).string()},
                     {"RUNAI_CLIENT_ID", plane.clientId()},
                     {"RUNAI_CLIENT_SECRET", plane.clientSecret()},
                     {"RUNAI_RESEARCHER_CLIENT_ID", "ada"},
                     {"RUNAI_RESEARCHER_CLIENT_SECRET", "adas-secret-text"},
                     {"BUILD_TAG", "jenkins-nightly-12"}};
    }

    Ended run(std::string const& program) const { return runProgram(program, {"--color_output=no"}, variables); }

    static runai::testing::FakeControlPlaneOptions withTls() {
        runai::testing::FakeControlPlaneOptions options;
        options.tls = true;
        return options;
    }

    runai::testing::FakeControlPlane plane{withTls()};
    httptest::testing::TemporaryFolder folder;
    Variables variables;
};

/// What stands between two texts, the first of them included.
std::string between(std::string const& text, std::string const& from, std::string const& to) {
    auto const begin = text.find(from);
    BOOST_REQUIRE_MESSAGE(begin != std::string::npos, "no '" << from << "' in:\n" << text);
    return text.substr(begin, text.find(to, begin) - begin);
}

/// A failure text without what differs from run to run, and from the README's imagined server to the fake.
std::string shapeOf(std::string text) {
    std::vector<std::pair<char const*, char const*>> const patterns{
        {R"(api_tests\.cpp\([0-9]+\))", "api_tests.cpp(LINE)"},
        {R"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z)", "DATE"},
        {R"([A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT)", "DATE"},
        {R"(httptest-[0-9a-f]+-[0-9]+)", "REQUEST-ID"},
        {R"(https://[^/ ]+)", "https://HOST"},
        {R"(peer [0-9.]+:[0-9]+)", "peer ADDRESS"},
        {R"([0-9]+\.[0-9]+\.[0-9]+)", "VERSION"},
        {R"([0-9]+\.[0-9]+ (ms|s)\b)", "N $1"},
        {R"(token [0-9a-f]{12})", "token FINGERPRINT"},
        {R"(subject [^ \n]+)", "subject SUBJECT"},
        {R"( --cacert [^ ]+)", ""}, // the README's server has a certificate that everybody trusts
    };
    for (auto const& [pattern, replacement] : patterns) {
        text = std::regex_replace(text, std::regex(pattern), replacement);
    }
    return text;
}

std::string contentOf(std::string const& file) {
    std::ifstream stream(HTTPTEST_SOURCE_DIR "/" + file);
    BOOST_REQUIRE_MESSAGE(stream.is_open(), "cannot read " << file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// The number in a text's only match.
int numberIn(std::string const& text, std::string const& pattern) {
    std::smatch match;
    BOOST_REQUIRE_MESSAGE(std::regex_search(text, match, std::regex(pattern)), "no " << pattern);
    return std::stoi(match[1]);
}

/// How often a wait begins in the part of a source.
int waitsIn(std::string const& source) {
    std::regex const wait(R"(\beventually\()");
    return static_cast<int>(std::distance(std::sregex_iterator(source.begin(), source.end(), wait), {}));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(samples, Programs)

BOOST_AUTO_TEST_CASE(a_passing_program_prints_what_boost_prints_and_nothing_else) {
    Ended const ended = run(QUICKSTART);
    BOOST_TEST(ended.exitCode == 0);
    BOOST_TEST(ended.output == "Running 2 test cases...\n");
    BOOST_TEST(ended.errors == "\n*** No errors detected\n");
}

BOOST_AUTO_TEST_CASE(the_readme_shows_a_failure_as_it_is_printed) {
    Ended const ended = run(API_TESTS);
    BOOST_TEST(ended.exitCode == 201);
    std::string const printed = between(ended.output, "api_tests.cpp(", "\n\n");
    std::string const shown = between(contentOf("README.md"), "api_tests.cpp(", "\n```");
    BOOST_TEST(shapeOf(shown) == shapeOf(printed), "README.md shows another failure than this one:\n" << printed);
}

BOOST_AUTO_TEST_CASE(a_failure_of_pocos_names_the_address) {
    // With a token that is ready nobody logs in, so that Poco's session is the first to meet the closed port.
    variables = {{"RUNAI_BASE_URL", "http://127.0.0.1:1"}, {"RUNAI_TOKEN", "a-token-that-is-ready"}};
    Ended const ended = run(EXISTING_POCO_SUITE);
    BOOST_TEST(ended.exitCode == 201);
    BOOST_TEST(contains(ended.output, "no reply of http://127.0.0.1:1"), ended.output);
    BOOST_TEST(!contains(ended.output, "unknown location"), ended.output);
}

BOOST_AUTO_TEST_CASE(ctest_has_the_time_that_the_workspace_sample_waits) {
    std::string const sample = "samples/workspace_lifecycle/";
    std::string const source = contentOf(sample + "workspace_lifecycle.cpp");
    std::string const oneCase = "BOOST_FIXTURE_TEST_CASE";
    int const ofFixture = waitsIn(source.substr(0, source.find(oneCase)));
    int most = 0;
    for (auto at = source.find(oneCase); at != std::string::npos;) {
        auto const next = source.find(oneCase, at + 1);
        most = std::max(most, ofFixture + waitsIn(source.substr(at, next - at)));
        at = next;
    }
    BOOST_TEST(most == 4);
    int const waited = most * 60 * numberIn(source, R"(\.within = ([0-9]+)min)");
    BOOST_TEST(numberIn(contentOf(sample + "CMakeLists.txt"), "TIMEOUT ([0-9]+)") > waited);
}

BOOST_AUTO_TEST_SUITE_END()
