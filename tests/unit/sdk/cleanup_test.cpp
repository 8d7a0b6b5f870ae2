#include "cleanup/ledger_entry.hpp"
#include "session_support.hpp"
#include "small_files_only.hpp"
#include "stderr_capture.hpp"
#include "thrown_reports.hpp"

#include <httptest/cleanup.hpp>
#include <httptest/parallel.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <boost/test/unit_test.hpp>

#include <nlohmann/json.hpp>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace session_support;
using httptest::Cleanup;
namespace ledger = httptest::cleanup;

/// Requests are answered by 204; the ledger lies in a folder of the case's own.
class WithCleanup : public HarnessOverScript {
public:
    WithCleanup() {
        options.configuration->set("state_dir", folder.path().string());
        transport.otherwise([](auto const&) { return httptest::testing::jsonReply(204, ""); });
    }

    std::vector<std::string> sent() const {
        std::vector<std::string> lines;
        for (httptest::Request const& request : transport.requests()) {
            lines.push_back(request.method + " " + request.url.target);
        }
        return lines;
    }

    std::vector<std::filesystem::path> ledgers() const {
        std::filesystem::path const path = folder.path() / "ledgers";
        if (!std::filesystem::exists(path)) {
            return {};
        }
        std::filesystem::directory_iterator const files(path);
        return {begin(files), end(files)};
    }

    std::string ledgerText() const {
        BOOST_REQUIRE(ledgers().size() == 1U);
        std::ifstream file(ledgers()[0]);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    httptest::testing::TemporaryFolder const folder;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(cleaning_up, WithCleanup)

BOOST_AUTO_TEST_CASE(deletions_run_in_reverse_order_at_the_end) {
    {
        Cleanup cleanup;
        cleanup.add(session().del("/projects/{id}").path("id", 1));
        cleanup.add(session().del("/projects/{id}/assets").path("id", 1));
        BOOST_TEST(cleanup.size() == 2U);
        BOOST_TEST(sent().empty());
    }
    BOOST_TEST(sent() == (std::vector<std::string>{"DELETE /projects/1/assets", "DELETE /projects/1"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(run_sends_them_once) {
    Cleanup cleanup;
    cleanup.add(session().del("/a"));
    cleanup.run();
    cleanup.run();
    BOOST_TEST(cleanup.size() == 0U);
    BOOST_TEST(transport.requestCount() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_gone_already_is_no_leak) {
    for (int const status : {200, 202, 204, 404}) {
        answer(status);
        Cleanup cleanup;
        cleanup.add(session().del("/a"));
        BOOST_TEST(reportedFailure([&] { cleanup.run(); }).empty());
    }
}

BOOST_AUTO_TEST_CASE(a_leak_is_reported_where_it_was_registered_and_stops_no_other) {
    Cleanup cleanup;
    cleanup.add(session().del("/first"));
    unsigned const registered = __LINE__ + 1;
    cleanup.add(session().del("/second"), {204});
    transport.handle([](auto const&) { return httptest::testing::jsonReply(404, R"({"message":"gone"})"); });
    unsigned line = 0;
    std::string const text = reportedFailure([&] { cleanup.run(); }, &line);
    BOOST_TEST(line == registered);
    BOOST_TEST(
        holds(text, "left behind: DELETE https://api.test/second was answered by 404, expected 204; it stands in " +
                        ledgers().at(0).string() + " for `httptest sweep`\nDELETE https://api.test/second\n"),
        text);
    BOOST_TEST(holds(text, R"({"message": "gone"})"), text);
    BOOST_TEST(sent().back() == "DELETE /first");
}

BOOST_AUTO_TEST_CASE(a_deletion_that_gets_no_answer_is_a_leak_and_stops_no_other) {
    Cleanup cleanup;
    cleanup.add(session().del("/first"));
    cleanup.add(session().del("/second"));
    transport.fail<httptest::ConnectFailed>(httptest::Phase::connect, std::string("nobody listens"));
    std::string const text = reportedFailure([&] { cleanup.run(); });
    BOOST_TEST(holds(text, "left behind: DELETE https://api.test/second got no answer; it stands in "), text);
    BOOST_TEST(holds(text, "\nnobody listens"), text);
    BOOST_TEST(sent().back() == "DELETE /first");
}

BOOST_AUTO_TEST_CASE(each_is_sent_as_whom_it_was_registered_with) {
    auto const made = harness().identityWith("made", {});
    script->onLogin = [](int) {};
    Cleanup cleanup;
    cleanup.add(made.del("/a"));
    cleanup.add(session().del("/b").identity("made"));
    cleanup.add(session().del("/c"));
    cleanup.run();
    BOOST_TEST(authorization(1) == authorization(2)); // both of "made"
    BOOST_TEST(authorization(0) != authorization(1));
    BOOST_TEST(script->logins == 2);
}

BOOST_AUTO_TEST_CASE(threads_may_register) {
    Cleanup cleanup;
    httptest::parallel(8, [&](std::size_t i) { cleanup.add(session().del("/{i}").path("i", i)); });
    BOOST_TEST(cleanup.size() == 8U);
    cleanup.run();
    BOOST_TEST(transport.requestCount() == 8U);
    BOOST_TEST(ledgers().empty());
}

BOOST_AUTO_TEST_CASE(requests_that_could_not_be_sent_are_refused_at_once) {
    Cleanup cleanup;
    unsigned const line = __LINE__ + 1;
    BOOST_CHECK_EXCEPTION(cleanup.add(session().del("/{id}")), httptest::InvalidRequest,
                          [&](auto const& error) { return error.location().line == line; });
    BOOST_CHECK_THROW(cleanup.add(session().del("/{id}").path("id", "")), httptest::InvalidRequest);
    BOOST_CHECK_THROW(cleanup.add(session().del("no-slash")), httptest::InvalidRequest);
    BOOST_CHECK_THROW(cleanup.add(session().del("/a").identity("nobody")), httptest::Misconfigured);
    BOOST_TEST(cleanup.size() == 0U);
    BOOST_TEST(ledgers().empty());
}

BOOST_AUTO_TEST_CASE(leaks_without_a_test_framework_go_to_standard_error) {
    std::string const text = writtenToStderr([&] {
        httptest::ThrownReports const thrown;
        Cleanup cleanup;
        cleanup.add(session().del("/a"));
        answer(500);
    });
    BOOST_TEST(holds(text, "httptest: left behind: DELETE https://api.test/a was answered by 500"));
}

BOOST_AUTO_TEST_CASE(a_child_of_fork_deletes_nothing) {
    Cleanup cleanup;
    cleanup.add(session().del("/a"));
    pid_t const child = ::fork();
    if (child == 0) {
        bool const before = cleanup.size() == 1;
        cleanup.~Cleanup(); // NOLINT: the child ends here
        ::_exit(before && transport.requestCount() == 0 ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST(status == 0);
    BOOST_TEST(ledgers().size() == 1U);
    cleanup.run();
    BOOST_TEST(ledgers().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(ledger_of_deletions, WithCleanup)

BOOST_AUTO_TEST_CASE(tells_what_is_left_while_something_is) {
    Cleanup cleanup;
    BOOST_TEST(ledgers().empty());
    cleanup.add(session().del("/projects/{id}").path("id", "a b").query("force", true));
    cleanup.add(session().post("/x").body("{}", "application/json"), {200});
    struct stat status {};
    BOOST_REQUIRE(::stat(ledgers().at(0).c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777U) == 0600U);
    auto const contents = ledger::readLedger(ledgerText());
    BOOST_TEST(contents.problems.empty());
    BOOST_REQUIRE(contents.left.size() == 2U);
    BOOST_TEST(contents.left[0].method == "POST");
    BOOST_TEST(!contents.left[0].repeatable);
    ledger::LedgerEntry const& entry = contents.left[1];
    BOOST_TEST(entry.method == "DELETE");
    BOOST_TEST(entry.baseUrl == "https://api.test/");
    BOOST_TEST(entry.path == "/projects/a%20b?force=true");
    BOOST_TEST(entry.identity == "default");
    BOOST_TEST(entry.time == "2026-01-01T09:30:00Z");
    BOOST_TEST(entry.accepted == (std::vector<int>{200, 202, 204, 404}), boost::test_tools::per_element());
    BOOST_TEST(entry.repeatable);

    answer(500);
    reportedFailure([&] { cleanup.run(); });
    auto const after = ledger::readLedger(ledgerText());
    BOOST_REQUIRE(after.left.size() == 1U); // the one that was refused
    BOOST_TEST(after.left[0].method == "POST");
}

BOOST_AUTO_TEST_CASE(is_removed_with_the_last_one_and_begun_anew) {
    for (int i = 0; i < 2; ++i) {
        Cleanup cleanup;
        cleanup.add(session().del("/a"));
        BOOST_TEST(ledgers().size() == 1U);
        cleanup.run();
        BOOST_TEST(ledgers().empty());
    }
}

BOOST_AUTO_TEST_CASE(holds_no_secret) {
    httptest::Secret const secret("a-secret-in-a-path");
    Cleanup cleanup;
    std::string const text =
        writtenToStderr([&] { cleanup.add(session().del("/tokens/{t}").path("t", secret.reveal())); });
    BOOST_TEST(ledgers().empty());
    BOOST_TEST(holds(text, "holds a secret, so that it does not stand in the ledger: /tokens/[redacted]"));
    cleanup.run();
    BOOST_TEST(sent().back() == "DELETE /tokens/a-secret-in-a-path");
}

BOOST_AUTO_TEST_CASE(may_be_turned_off) {
    options.configuration->set("ledger", "false");
    Cleanup cleanup;
    cleanup.add(session().del("/a"));
    BOOST_TEST(ledgers().empty());
    BOOST_TEST(!std::filesystem::exists(folder.path() / "ledgers"));
}

BOOST_AUTO_TEST_CASE(that_cannot_be_written_costs_one_notice_and_no_test) {
    options.configuration->set("state_dir", folder.write("a-file", "").string());
    std::string const text = writtenToStderr([&] {
        Cleanup cleanup;
        cleanup.add(session().del("/a"));
        cleanup.add(session().del("/b"));
    });
    BOOST_TEST(transport.requestCount() == 2U);
    auto const at = text.find("no ledger of what is to be deleted");
    BOOST_TEST(at != std::string::npos, text);
    BOOST_TEST(text.find("no ledger of what is to be deleted", at + 1) == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(on_a_full_disk_it_says_so_and_the_deletions_are_sent) {
    Cleanup cleanup;
    cleanup.add(session().del("/a"));
    cleanup.add(session().del("/b"));
    BOOST_TEST(holds(writtenToStderr([&] {
                         SmallFilesOnly const full;
                         cleanup.add(session().del("/c"));
                     }),
                     "httptest: no ledger of what is to be deleted"));
    BOOST_TEST(holds(writtenToStderr([&] {
                         SmallFilesOnly const full;
                         cleanup.run();
                     }),
                     "httptest: the ledger of what is to be deleted lists what is"));
    std::vector<std::string> const expected = {"DELETE /c", "DELETE /b", "DELETE /a"};
    BOOST_TEST(sent() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(half_a_line_is_taken_back_so_that_it_spoils_no_other) {
    Cleanup cleanup;
    writtenToStderr([&] {
        SmallFilesOnly const full; // the first line fits in part
        cleanup.add(session().del("/a"));
    });
    cleanup.add(session().del("/b"));
    auto const contents = ledger::readLedger(ledgerText());
    BOOST_TEST(contents.problems.empty());
    BOOST_REQUIRE(contents.left.size() == 1U);
    BOOST_TEST(contents.left[0].path == "/b");
}

BOOST_AUTO_TEST_CASE(damage_is_told_and_the_rest_is_read) {
    ledger::LedgerEntry entry;
    entry.number = 1;
    entry.path = "/\xff";
    std::string const first = ledger::promiseLine(entry);
    entry.number = 2;
    entry.path = "/b";
    std::string const second = ledger::promiseLine(entry);
    for (std::size_t cut = 0; cut < second.size(); ++cut) {
        auto const contents = ledger::readLedger(first + second.substr(0, cut));
        BOOST_TEST(contents.left.size() == 1U);
        BOOST_TEST(contents.torn == (cut > 0));
        BOOST_TEST(contents.problems.empty());
    }
    auto const contents = ledger::readLedger("\n[]\n{\"promise\":\"x\"}\n" + first + "{\"done\":7}\n" + second);
    BOOST_TEST(contents.left.size() == 2U);
    BOOST_TEST(contents.left.front().path == "/b"); // the latest first
    BOOST_TEST(contents.problems.size() == 3U);
    BOOST_TEST(contents.problems.back() == "line 3 is no line of a ledger");
    BOOST_TEST(ledger::readLedger(first + second + ledger::doneLine(1) + ledger::doneLine(2)).left.empty());
    BOOST_TEST(ledger::readLedger("").left.empty());
}

BOOST_AUTO_TEST_SUITE_END()
