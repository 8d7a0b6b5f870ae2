#include "support/can_fork.hpp"

#include <httptest/testing/stub_server.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <runai/testing/fake_control_plane.hpp>

#include <boost/test/unit_test.hpp>

#include <httptest/boost_test.hpp>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

namespace fs = std::filesystem;
using httptest::testing::StubConnection;
using httptest::testing::StubServer;

std::string contentOfFile(fs::path const& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// A worker with these variables alone; killed by the destructor if it still runs.
class TraceWorker {
public:
    using Variables = std::map<std::string, std::string>;

    TraceWorker(char const* task, Variables const& variables, fs::path const& errors) {
        std::vector<std::string> texts;
        for (auto const& [name, value] : variables) {
            texts.push_back(name + "=" + value);
        }
        std::vector<char*> environment;
        for (std::string& text : texts) {
            environment.push_back(text.data());
        }
        environment.push_back(nullptr);
        int const file = ::open(errors.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        process_ = ::fork();
        BOOST_REQUIRE(process_ >= 0);
        if (process_ == 0) {
            // Between fork and exec nothing but system calls.
            ::dup2(file, STDERR_FILENO);
            ::execle(TRACE_WORKER, TRACE_WORKER, task, nullptr, environment.data());
            ::_exit(127);
        }
        ::close(file);
    }
    ~TraceWorker() {
        if (process_ > 0) {
            ::kill(process_, SIGKILL);
            static_cast<void>(end());
        }
    }
    TraceWorker(TraceWorker const&) = delete;
    TraceWorker& operator=(TraceWorker const&) = delete;

    pid_t number() const noexcept { return process_; }

    /// The exit code; the negative signal for one that was ended by it.
    int end() {
        int status = 0;
        BOOST_REQUIRE(::waitpid(process_, &status, 0) == process_);
        process_ = 0;
        return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    }

private:
    pid_t process_ = 0;
};

class TracingProcesses {
public:
    TracingProcesses() {
        variables = {{"RUNAI_BASE_URL", plane.url()},
                     {"RUNAI_CLIENT_ID", plane.clientId()},
                     {"RUNAI_CLIENT_SECRET", plane.clientSecret()}};
        for (char const* name : {"ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
            if (char const* const value = std::getenv(name)) {
                variables[name] = value;
            }
        }
    }

    fs::path file(std::string const& name) const { return folder.path() / name; }

    /// Fails unless every line is a whole one of the trace's; returns how many there are.
    static std::size_t checkLines(std::string const& trace) {
        static std::regex const whole(
            R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z httptest\[\d+\] (#\d+ [<>] |#\d+ [A-Z]+ http|auth 'default' ).*)");
        std::size_t count = 0;
        for (std::string_view rest = trace; !rest.empty(); ++count) {
            std::string const line(rest.substr(0, rest.find('\n')));
            BOOST_TEST(std::regex_match(line, whole), "mixed up: " << line);
            BOOST_TEST(line.find("Z httptest[", 30) == std::string::npos, "mixed up: " << line);
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        }
        return count;
    }

    void checkNoSecret(std::string const& text) const {
        BOOST_TEST(text.find(plane.clientSecret()) == std::string::npos, text);
        BOOST_TEST((plane.newestToken().empty() || text.find(plane.newestToken()) == std::string::npos), text);
        BOOST_TEST(text.find("hunter2") == std::string::npos, text);
    }

    runai::testing::FakeControlPlane plane;
    httptest::testing::TemporaryFolder folder;
    TraceWorker::Variables variables;
};

/// Reads one request and never answers it.
class SlowServer {
public:
    StubServer server{[](StubConnection& connection) {
        connection.readRequest();
        connection.waitForClose();
    }};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(trace_processes, TracingProcesses)

BOOST_AUTO_TEST_CASE(threads_and_processes_do_not_mix_their_lines) {
    variables["HTTPTEST_LOG"] = "wire";
    TraceWorker one("many", variables, file("errors"));
    TraceWorker two("many", variables, file("errors"));
    BOOST_TEST(one.end() == 0);
    BOOST_TEST(two.end() == 0);
    std::string const trace = contentOfFile(file("errors"));
    BOOST_TEST(checkLines(trace) > 2U * 100 * 10);
    BOOST_TEST(trace.find("to log in as 'default'") != std::string::npos);
    BOOST_TEST(trace.find("> Authorization: [redacted]") != std::string::npos);
    checkNoSecret(trace);
}

BOOST_AUTO_TEST_CASE(each_process_has_a_file_and_so_has_a_child_of_fork, *boost::unit_test::precondition(canFork)) {
    variables["HTTPTEST_LOG"] = "info";
    variables["HTTPTEST_LOG_FILE"] = file("trace-%p.log").string();
    TraceWorker worker("fork", variables, file("errors"));
    fs::path const ofTheParent = file("trace-" + std::to_string(worker.number()) + ".log");
    BOOST_TEST(worker.end() == 0);
    std::string child;
    int files = 0;
    for (fs::directory_entry const& entry : fs::directory_iterator(folder.path())) {
        files += entry.path().extension() == ".log" ? 1 : 0;
        child = entry.path().extension() == ".log" && entry.path() != ofTheParent ? contentOfFile(entry) : child;
    }
    BOOST_TEST(files == 2);
    BOOST_TEST(contentOfFile(ofTheParent).find("?parent") != std::string::npos);
    BOOST_TEST(contentOfFile(ofTheParent).find("?child") == std::string::npos);
    BOOST_TEST(child.find("?child") != std::string::npos);
    BOOST_TEST(child.find("?parent") == std::string::npos);
    checkLines(contentOfFile(ofTheParent) + child);
    BOOST_TEST(contentOfFile(file("errors")).empty());
}

BOOST_AUTO_TEST_CASE(a_level_that_is_none_is_an_error) {
    variables["HTTPTEST_LOG"] = "verbose";
    TraceWorker worker("many", variables, file("errors"));
    BOOST_TEST(worker.end() == EXIT_FAILURE);
    BOOST_TEST(contentOfFile(file("errors")).find("HTTPTEST_LOG") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(sigterm_says_what_is_under_way_and_ends_the_process) {
    SlowServer const slow;
    variables["RUNAI_BASE_URL"] = slow.server.url("");
    TraceWorker worker("slow", variables, file("errors"));
    slow.server.waitForRequests(1);
    BOOST_REQUIRE(::kill(worker.number(), SIGTERM) == 0);
    BOOST_TEST(worker.end() == -SIGTERM);
    std::string const text = contentOfFile(file("errors"));
    std::regex const expected(
        "httptest: SIGTERM while under way: GET http://127\\.0\\.0\\.1:\\d+/"
        "slow\\?access_token=\\[redacted\\] as 'default', since 20\\d\\d-.*Z\n");
    BOOST_TEST(std::regex_match(text, expected), text);
}

BOOST_AUTO_TEST_CASE(sigterm_during_a_login_says_so) {
    plane.holdLogins();
    TraceWorker worker("many", variables, file("errors"));
    BOOST_REQUIRE(plane.waitForHeldLogins(1, std::chrono::seconds(20)));
    BOOST_REQUIRE(::kill(worker.number(), SIGTERM) == 0);
    BOOST_TEST(worker.end() == -SIGTERM);
    std::string const text = contentOfFile(file("errors"));
    BOOST_TEST(text.find("under way: POST " + plane.url() + "/api/v2/token to log in as 'default', since ") !=
                   std::string::npos,
               text);
    BOOST_TEST(
        text.find("under way: GET " + plane.url() + "/api/v1/clusters as 'default', since ") != std::string::npos,
        text);
    checkNoSecret(text);
    plane.releaseLogins();
}

BOOST_AUTO_TEST_CASE(a_handler_that_was_there_before_is_called) {
    SlowServer const slow;
    variables["RUNAI_BASE_URL"] = slow.server.url("");
    TraceWorker worker("own-handler", variables, file("errors"));
    slow.server.waitForRequests(1);
    BOOST_REQUIRE(::kill(worker.number(), SIGTERM) == 0);
    BOOST_TEST(worker.end() == 3);
    std::string const text = contentOfFile(file("errors"));
    BOOST_TEST(text.find("under way: GET ") != std::string::npos, text);
    BOOST_TEST(text.ends_with("the worker's own handler\n"), text);
}

BOOST_AUTO_TEST_CASE(a_crowd_of_requests_is_told_in_part_and_a_long_url_is_cut) {
    auto slow = std::make_unique<SlowServer>();
    variables["RUNAI_BASE_URL"] = slow->server.url("");
    TraceWorker worker("crowd", variables, file("errors"));
    slow->server.waitForRequests(66);
    BOOST_REQUIRE(::kill(worker.number(), SIGTERM) == 0);
    // The worker's own handler goes on, so that what it wrote last says that all of it is there.
    std::string text;
    constexpr std::string_view last = "httptest: SIGTERM while under way: more than 64 requests\n";
    for (auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
         !text.ends_with(last) && std::chrono::steady_clock::now() < end;) {
        std::this_thread::yield();
        text = contentOfFile(file("errors"));
    }
    BOOST_TEST(text.ends_with(last), text);
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 65);
    BOOST_TEST(text.find(std::string(350, 'q')) == std::string::npos, text);
    BOOST_TEST(text.find("q… as 'default', since ") != std::string::npos, text);
    slow.reset();
    BOOST_TEST(worker.end() == 0);
}

BOOST_AUTO_TEST_CASE(a_process_that_ignores_sigterm_goes_on_to_do_so) {
    StubServer server([](StubConnection& connection) {
        connection.readRequest();
        connection.waitForRelease();
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        connection.close();
    });
    variables["RUNAI_BASE_URL"] = server.url("");
    TraceWorker worker("ignore", variables, file("errors"));
    server.waitForRequests(1);
    BOOST_REQUIRE(::kill(worker.number(), SIGTERM) == 0);
    server.release();
    BOOST_TEST(worker.end() == 0);
    BOOST_TEST(contentOfFile(file("errors")).empty());
}

BOOST_AUTO_TEST_CASE(a_harness_fixture_is_all_that_a_suite_needs_for_it) {
    auto const installed = [] {
        struct sigaction action {};
        ::sigaction(SIGTERM, nullptr, &action);
        return (action.sa_flags & SA_SIGINFO) != 0;
    };
    BOOST_TEST(!installed());
    httptest::HarnessFixture const fixture;
    BOOST_TEST(installed());
}

BOOST_AUTO_TEST_SUITE_END()
