// Two thousand cases with a wrong secret: how many logins they cost, and how long they take. See README.md.

#include <runai/testing/fake_control_plane.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace {

/// Runs cases of the suite beside this program, its output thrown away; returns the seconds.
double runCases(std::string const& cases) {
    std::string program =
        std::filesystem::read_symlink("/proc/self/exe").parent_path().append("bench_rejected_cases").string();
    std::string selection = "--run_test=" + cases;
    char* const arguments[] = {program.data(), selection.data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    auto const began = std::chrono::steady_clock::now();
    pid_t process = 0;
    int status = 0;
    bool const ran = ::posix_spawn(&process, program.c_str(), &actions, nullptr, arguments, environ) == 0 &&
                     ::waitpid(process, &status, 0) == process;
    auto const took = std::chrono::steady_clock::now() - began;
    ::posix_spawn_file_actions_destroy(&actions);
    constexpr int testsFailed = 201; // Boost.Test's boost::exit_test_failure
    if (!ran || !WIFEXITED(status) || WEXITSTATUS(status) != testsFailed) {
        throw std::runtime_error(program + " did not end as a program whose tests failed");
    }
    return std::chrono::duration<double>(took).count();
}

} // namespace

int main() {
    try {
        runai::testing::FakeControlPlane const plane;
        ::setenv("RUNAI_BASE_URL", plane.url().c_str(), 1);
        ::setenv("RUNAI_CLIENT_ID", plane.clientId().c_str(), 1);
        ::setenv("RUNAI_CLIENT_SECRET", "not-the-secret-of-this-client", 1);
        double const bare = runCases("bare*");
        double const rejected = runCases("rejected*");
        std::printf(
            "2,000 failing cases in one process\n"
            "  with a wrong secret, s               %8.2f\n"
            "  of Boost.Test alone, s               %8.2f\n"
            "  login requests                       %8llu\n"
            "  other requests                       %8llu\n",
            rejected, bare, static_cast<unsigned long long>(plane.counters().loginRequests()),
            static_cast<unsigned long long>(plane.counters().requests - plane.counters().loginRequests()));
        return EXIT_SUCCESS;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "bench_rejected: %s\n", error.what());
        return EXIT_FAILURE;
    }
}
