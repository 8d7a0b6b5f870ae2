#include <httptest/secret.hpp>
#include <httptest/testing/temporary_folder.hpp>

#include <runai/testing/fake_control_plane.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
namespace data = boost::unit_test::data;

/// A worker process. Its end is waited for at the latest by the destructor, which kills it.
class Worker {
public:
    using Environment = std::map<std::string, std::string>;

    Worker(std::vector<std::string> arguments, Environment const& environment, fs::path output,
           std::optional<uid_t> user = std::nullopt)
        : output_(std::move(output)) {
        arguments.insert(arguments.begin(), STORE_WORKER);
        std::vector<std::string> variables;
        for (auto const& [name, value] : environment) {
            variables.push_back(name + "=" + value);
        }
        auto const pointers = [](std::vector<std::string>& texts) {
            std::vector<char*> result;
            for (std::string& text : texts) {
                result.push_back(text.data());
            }
            result.push_back(nullptr);
            return result;
        };
        std::vector<char*> const argv = pointers(arguments);
        std::vector<char*> const envp = pointers(variables);
        int const file = ::open(output_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND, 0600);
        process_ = ::fork();
        BOOST_REQUIRE(process_ >= 0);
        if (process_ == 0) {
            // Between fork and exec nothing but system calls.
            ::dup2(file, STDOUT_FILENO);
            ::dup2(file, STDERR_FILENO);
            if (!user || (::setgid(*user) == 0 && ::setuid(*user) == 0)) {
                ::execve(argv[0], argv.data(), envp.data());
            }
            ::_exit(127);
        }
        ::close(file);
    }
    ~Worker() {
        if (process_ > 0) {
            ::kill(process_, SIGKILL);
            static_cast<void>(status());
        }
    }
    Worker(Worker const&) = delete;
    Worker& operator=(Worker const&) = delete;

    void send(int signal) const { BOOST_REQUIRE(::kill(process_, signal) == 0); }

    /// Waits until the process is stopped by a signal.
    void waitUntilStopped() const {
        int status = 0;
        BOOST_REQUIRE(::waitpid(process_, &status, WUNTRACED) == process_);
        BOOST_REQUIRE(WIFSTOPPED(status));
    }

    /// The exit code; the negative signal for one that was killed.
    int status() {
        int status = 0;
        BOOST_REQUIRE(::waitpid(std::exchange(process_, -1), &status, 0) > 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

    std::string output() const {
        std::ifstream stream(output_);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

private:
    fs::path output_;
    pid_t process_ = -1;
};

struct Fixture {
    runai::testing::FakeControlPlane plane;
    httptest::testing::TemporaryFolder folder;
    fs::path state = folder.path() / "state";
    Worker::Environment environment = {
        {"RUNAI_BASE_URL", plane.url()},
        {"RUNAI_CLIENT_ID", plane.clientId()},
        {"RUNAI_CLIENT_SECRET", plane.clientSecret()},
        {"HTTPTEST_TOKEN_STORE", "file"},
        {"HTTPTEST_STATE_DIR", state.string()},
    };
    int started = 0;

    std::unique_ptr<Worker> start(std::vector<std::string> arguments = {}, std::optional<uid_t> user = std::nullopt) {
        return std::make_unique<Worker>(std::move(arguments), environment,
                                        folder.path() / ("output-" + std::to_string(++started)), user);
    }

    void expectSuccess(Worker& worker) {
        int const status = worker.status();
        BOOST_TEST(status == 0, worker.output());
    }

    std::uint64_t logins() const { return plane.counters().loginRequests(); }
};

/// What a search for the secret in a file might look like.
std::vector<std::string> formsOf(std::string_view secret) {
    std::string hexadecimal;
    std::string reversed(secret.rbegin(), secret.rend());
    for (char const c : secret) {
        constexpr char const* digits = "0123456789abcdef";
        hexadecimal.push_back(digits[static_cast<unsigned char>(c) >> 4]);
        hexadecimal.push_back(digits[static_cast<unsigned char>(c) & 15]);
    }
    // A piece from the middle shows in any form that keeps characters, whatever is done to the ends.
    return {std::string(secret.substr(4, 12)), std::string(secret.substr(secret.size() / 2, 12)), hexadecimal,
            reversed};
}

boost::test_tools::assertion_result isRoot(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result result(::geteuid() == 0);
    result.message() << "only root can start a process of another user";
    return result;
}

constexpr char const* steps[] = {"lock", "lease", "write", "rename", "resign"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(store_processes, Fixture)

BOOST_AUTO_TEST_CASE(processes_that_start_together_make_one_login) {
    plane.holdLogins();
    std::vector<std::unique_ptr<Worker>> workers;
    for (int i = 0; i < 24; ++i) {
        workers.push_back(start({"--threads", "2"}));
    }
    BOOST_REQUIRE(plane.waitForHeldLogins(1, 30s));
    plane.releaseLogins();
    for (auto const& worker : workers) {
        expectSuccess(*worker);
    }
    BOOST_TEST(logins() == 1U);
    BOOST_TEST(plane.counters().unauthorized == 0U);
}

BOOST_DATA_TEST_CASE(a_process_that_is_killed_at_any_step_hinders_nobody, data::make(steps), step) {
    BOOST_TEST(start({"--kill-at", step})->status() == -SIGKILL);
    auto const next = start();
    expectSuccess(*next);
    auto const last = start();
    expectSuccess(*last);
    BOOST_TEST(last->output() == next->output());
    BOOST_TEST(logins() <= 2U);
}

BOOST_AUTO_TEST_CASE(a_leader_that_is_killed_during_its_login_is_replaced) {
    plane.holdLogins();
    auto const leader = start();
    BOOST_REQUIRE(plane.waitForHeldLogins(1, 30s));
    auto const follower = start();
    leader->send(SIGKILL);
    BOOST_TEST(leader->status() == -SIGKILL);
    // The fake may hold the dead one's request a little longer: a second login is what shows the replacement.
    while (logins() < 2) {
        ::usleep(1000);
    }
    plane.releaseLogins();
    expectSuccess(*follower);
    BOOST_TEST(logins() == 2U);
}

BOOST_AUTO_TEST_CASE(a_leader_that_is_stopped_is_passed_over_and_replaces_nothing_when_it_goes_on) {
    environment["HTTPTEST_LOGIN_TIMEOUT_MS"] = "2000"; // also for how long it leads
    plane.holdLogins();
    auto const leader = start();
    BOOST_REQUIRE(plane.waitForHeldLogins(1, 30s));
    leader->send(SIGSTOP);
    leader->waitUntilStopped();
    auto const follower = start();
    while (logins() < 2) {
        ::usleep(1000);
    }
    plane.releaseLogins();
    expectSuccess(*follower);
    leader->send(SIGCONT);
    expectSuccess(*leader);
    auto const last = start();
    expectSuccess(*last);
    BOOST_TEST(last->output() == follower->output());
    BOOST_TEST(logins() == 2U);
}

BOOST_AUTO_TEST_CASE(a_revoked_token_costs_one_login_for_all_processes) {
    auto const first = start();
    expectSuccess(*first);
    plane.revokeTokens();
    std::vector<std::unique_ptr<Worker>> workers;
    for (int i = 0; i < 8; ++i) {
        workers.push_back(start());
    }
    for (auto const& worker : workers) {
        expectSuccess(*worker);
    }
    BOOST_TEST(logins() == 2U);
}

BOOST_AUTO_TEST_CASE(a_wrong_secret_finds_nothing_and_its_rejection_is_shared) {
    expectSuccess(*start());
    environment["RUNAI_CLIENT_SECRET"] = "not-the-secret-of-this-client";
    auto const first = start();
    BOOST_TEST(first->status() == EXIT_FAILURE);
    auto const second = start();
    BOOST_TEST(second->status() == EXIT_FAILURE);
    BOOST_TEST(second->output().find("another process") != std::string::npos, second->output());
    BOOST_TEST(logins() == 2U);
}

BOOST_AUTO_TEST_CASE(nothing_on_disk_shows_a_token_or_a_secret) {
    expectSuccess(*start());
    std::vector<std::string> forms = formsOf(plane.clientSecret());
    for (std::string const& form : formsOf(plane.newestToken())) {
        forms.push_back(form);
    }
    int files = 0;
    for (auto const& entry : fs::recursive_directory_iterator(folder.path())) {
        if (!entry.is_regular_file()) {
            continue;
        }
        ++files;
        std::ifstream stream(entry.path(), std::ios::binary);
        std::string const bytes{std::istreambuf_iterator<char>(stream), {}};
        for (std::string const& form : forms) {
            BOOST_TEST(bytes.find(form) == std::string::npos, entry.path().string());
            BOOST_TEST(entry.path().string().find(form) == std::string::npos);
        }
    }
    BOOST_TEST(files >= 3);
}

BOOST_AUTO_TEST_CASE(another_users_folder_is_left_alone_and_the_process_goes_on,
                     *boost::unit_test::precondition(&isRoot)) {
    constexpr uid_t stranger = 54321; // with no entry in passwd, and no HOME
    expectSuccess(*start());
    ::chmod(folder.path().c_str(), 0711);
    auto const other = start({}, stranger);
    int const status = other->status();
    if (status == 127) {
        BOOST_TEST_MESSAGE("user 54321 may not execute the worker here: not tested");
        return;
    }
    BOOST_TEST(status == 0, other->output());
    BOOST_TEST(other->output().find("the token store is not used") != std::string::npos, other->output());
    BOOST_TEST(logins() == 2U);

    environment.erase("HTTPTEST_STATE_DIR");
    fs::path const temporary = folder.path() / "temporary";
    fs::create_directory(temporary);
    ::chmod(temporary.c_str(), 01777);
    environment["TMPDIR"] = temporary.string();
    auto const third = start({}, stranger);
    expectSuccess(*third);
    auto const fourth = start({}, stranger);
    expectSuccess(*fourth);
    BOOST_TEST(third->output() == fourth->output());
    BOOST_TEST(fs::exists(temporary / "httptest-54321" / "tokens"));
    BOOST_TEST(logins() == 3U);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_is_no_failure) {
    environment["HTTPTEST_STATE_DIR"] = "/proc/no-such-folder";
    auto const worker = start();
    expectSuccess(*worker);
    BOOST_TEST(worker->output().find("the token store is not used") != std::string::npos, worker->output());
    BOOST_TEST(worker->output().find("/proc/no-such-folder") != std::string::npos, worker->output());
}

BOOST_AUTO_TEST_CASE(a_file_system_without_locks_is_no_failure) {
    auto const first = start({"--locks", "no"});
    expectSuccess(*first);
    auto const second = start({"--locks", "no"});
    expectSuccess(*second);
    BOOST_TEST(logins() == 2U);
    std::string const output = first->output();
    auto const notice = output.find("the token store is not used");
    BOOST_REQUIRE_MESSAGE(notice != std::string::npos, output);
    BOOST_TEST(output.find("a network file system without locks?") != std::string::npos, output);
    BOOST_TEST(output.find("the token store is not used", notice + 1) == std::string::npos, "said twice: " << output);
}

BOOST_AUTO_TEST_SUITE_END()
