#include "plane_fixture.hpp"
#include "support/contains.hpp"

#include <httptest/cleanup.hpp>
#include <httptest/harness.hpp>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using nlohmann::json;

class Swept : public PlaneFixture {
public:
    Swept() { variables["HTTPTEST_STATE_DIR"] = (folder.path() / "state").string(); }

    /// A process that made so many projects and was killed.
    void leave(int projects) {
        Ended const ended = runProgram(CLEANUP_WORKER, {std::to_string(projects)}, variables);
        BOOST_REQUIRE_MESSAGE(ended.exitCode == -SIGKILL, ended.errors);
    }

    std::vector<std::filesystem::path> ledgers() const {
        std::filesystem::directory_iterator const files(folder.path() / "state" / "ledgers");
        return {begin(files), end(files)};
    }

    std::size_t projects() const {
        return json::parse(run({"request", "GET", "/api/v1/org-unit/projects"}).output).at("projects").size();
    }

    /// A ledger with these lines, in a file of the case's own.
    std::string ledger(std::vector<json> const& lines) const {
        std::string text;
        for (json const& line : lines) {
            text += line.dump() + "\n";
        }
        return folder.write("own.jsonl", text).string();
    }

    json promise(int number, std::string const& path) const {
        return {{"promise", number},
                {"time", "2026-11-24T15:00:00Z"},
                {"base_url", plane.url() + "/"},
                {"identity", "default"},
                {"method", "DELETE"},
                {"path", path},
                {"accepted", {204, 404}},
                {"repeatable", true}};
    }

    static void append(std::filesystem::path const& file, std::string const& text) {
        std::ofstream(file, std::ios::app) << text;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(Sweep, Swept)

BOOST_AUTO_TEST_CASE(what_a_killed_process_left_is_told_and_deleted_on_request) {
    leave(3);
    BOOST_REQUIRE(ledgers().size() == 1U);
    std::string const path = ledgers()[0].string();
    BOOST_TEST(projects() == 3U);

    Ended const dry = run({"sweep"});
    BOOST_TEST(dry.exitCode == 0);
    BOOST_TEST(contains(dry.output, path + ": 3 are left\n  DELETE /api/v1/org-unit/projects/"), dry.output);
    BOOST_TEST(contains(dry.output, " as 'default', since 20"), dry.output);
    BOOST_TEST(contains(dry.output, "3 to delete; nothing was sent: do it with --delete\n"), dry.output);
    BOOST_TEST(projects() == 3U);
    BOOST_TEST(ledgers().size() == 1U);

    Ended const swept = run({"sweep", path, "--delete"});
    BOOST_TEST(swept.exitCode == 0, swept.errors);
    BOOST_TEST(contains(swept.output, ": deleted (20"), swept.output);
    BOOST_TEST(!contains(swept.output, "nothing was sent"), swept.output);
    BOOST_TEST(projects() == 0U);
    BOOST_TEST(ledgers().empty());
    BOOST_TEST(run({"sweep", "--delete"}).output == "no ledgers\n");
    checkNothingSecret(dry.output + swept.output + swept.errors);
}

BOOST_AUTO_TEST_CASE(a_ledger_holds_no_secret) {
    leave(1);
    std::ifstream file(ledgers().at(0));
    checkNothingSecret({std::istreambuf_iterator<char>(file), {}});
}

BOOST_AUTO_TEST_CASE(a_torn_last_line_is_left_out) {
    leave(2);
    append(ledgers().at(0), R"({"promise":9,"path":"/api/v1/org-u)");
    Ended const swept = run({"sweep", "--delete"});
    BOOST_TEST(swept.exitCode == 0, swept.errors);
    BOOST_TEST(contains(swept.output, "the last line was cut short, and is left out"), swept.output);
    BOOST_TEST(projects() == 0U);
    BOOST_TEST(ledgers().empty());
}

BOOST_AUTO_TEST_CASE(a_damaged_line_is_told_and_keeps_the_ledger) {
    leave(2);
    append(ledgers().at(0), "nonsense\n");
    Ended const swept = run({"sweep", "--delete"});
    BOOST_TEST(swept.exitCode == 1);
    BOOST_TEST(contains(swept.errors, "line 3 is no line of a ledger"), swept.errors);
    BOOST_TEST(!contains(swept.errors, "nonsense"), swept.errors);
    BOOST_TEST(projects() == 0U);
    BOOST_TEST(ledgers().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_ledger_of_another_system_is_left_alone) {
    leave(1);
    std::string const url = plane.url();
    json other = promise(2, "/api/v1/clusters");
    other["base_url"] = "https://other.test/";
    append(ledgers().at(0), other.dump() + "\n");
    Ended const swept = run({"sweep", "--delete"});
    BOOST_TEST(swept.exitCode == 10);
    BOOST_TEST(contains(swept.errors, "is of https://other.test/, not of the configured base URL " + url + "/"),
               swept.errors);
    BOOST_TEST(projects() == 1U);
    BOOST_TEST(ledgers().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_living_process_keeps_its_own) {
    httptest::HarnessOptions options;
    options.configuration = httptest::Configuration::fromEnvironment({variables.begin(), variables.end()});
    httptest::Harness const harness(options);
    httptest::Cleanup cleanup;
    cleanup.add(harness.session().del("/api/v1/org-unit/projects/1"));
    BOOST_REQUIRE(ledgers().size() == 1U);
    Ended const swept = run({"sweep", "--delete"});
    BOOST_TEST(swept.exitCode == 1);
    BOOST_TEST(contains(swept.errors, ledgers()[0].string() + ": is in use: its process is alive"), swept.errors);
    BOOST_TEST(ledgers().size() == 1U);
}

BOOST_AUTO_TEST_CASE(one_that_others_can_write_is_left_alone) {
    leave(1);
    std::filesystem::permissions(ledgers().at(0), std::filesystem::perms(0660));
    Ended const swept = run({"sweep", "--delete"});
    BOOST_TEST(swept.exitCode == 1);
    BOOST_TEST(contains(swept.errors, "can be written by others, so that it is not swept"), swept.errors);
    BOOST_TEST(projects() == 1U);
    Ended const missing = run({"sweep", "/nonexistent"});
    BOOST_TEST(missing.exitCode == 1);
    BOOST_TEST(contains(missing.errors, "/nonexistent: cannot be opened: No such file"), missing.errors);
    BOOST_TEST(run({"sweep", folder.path().string()}).exitCode == 1);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_deleted_stops_no_other_and_stays) {
    json unknown = promise(2, "/api/v1/org-unit/projects/2");
    unknown["identity"] = "gone";
    json post = promise(3, "/api/v1/org-unit/projects/3");
    post["method"] = "POST";
    json body = promise(4, "/api/v1/org-unit/projects/4");
    body["repeatable"] = false;
    std::string const path =
        ledger({promise(1, "/api/v1/org-unit/projects/1"), unknown, post, body, promise(5, "/api/v1/clusters")});
    Ended const swept = run({"sweep", path, "--delete"});
    BOOST_TEST(swept.exitCode == 20); // of the first, which is the latest
    BOOST_TEST(contains(swept.output, "/projects/1 as 'default', since 2026-11-24T15:00:00Z: deleted (404)"),
               swept.output);
    BOOST_TEST(contains(swept.errors, "/clusters as 'default', since 2026-11-24T15:00:00Z: answered by 40"),
               swept.errors);
    BOOST_TEST(contains(swept.errors, "POST /api/v1/org-unit/projects/3 as 'default'"), swept.errors);
    BOOST_TEST(
        contains(swept.errors, "/projects/4 as 'default', since 2026-11-24T15:00:00Z: cannot be sent again by itself"),
        swept.errors);
    BOOST_TEST(contains(swept.errors, "no identity 'gone'"), swept.errors);
    BOOST_TEST(contains(run({"sweep", path}).output, ": 4 are left\n"));
}

BOOST_AUTO_TEST_SUITE_END()
