// What sharing a login saves a suite of many processes, and what it costs one. See README.md.

#include <httptest/testing/temporary_folder.hpp>

#include <runai/testing/fake_control_plane.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr int processes = 200;
constexpr int soakProcesses = 50;
constexpr int soakThreads = 8;
constexpr int soakSeconds = 60;
constexpr std::chrono::seconds soakLifetime{5};
constexpr std::chrono::milliseconds loginDelay{100};

std::string worker() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path().append("bench_store_worker").string();
}

pid_t start(std::vector<std::string> arguments) {
    std::vector<char*> pointers;
    for (std::string& argument : arguments) {
        pointers.push_back(argument.data());
    }
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t process = 0;
    int const error = ::posix_spawnp(&process, pointers[0], &actions, nullptr, pointers.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        throw std::runtime_error("cannot start " + arguments[0]);
    }
    return process;
}

bool succeeds(pid_t process) {
    int status = 0;
    return ::waitpid(process, &status, 0) == process && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

double seconds(std::chrono::steady_clock::duration time) {
    return std::chrono::duration<double>(time).count();
}

void configure(runai::testing::FakeControlPlane const& plane, std::string const& store, std::string const& folder) {
    ::setenv("RUNAI_BASE_URL", plane.url().c_str(), 1);
    ::setenv("RUNAI_CLIENT_ID", plane.clientId().c_str(), 1);
    ::setenv("RUNAI_CLIENT_SECRET", plane.clientSecret().c_str(), 1);
    ::setenv("HTTPTEST_TOKEN_STORE", store.c_str(), 1);
    ::setenv("HTTPTEST_STATE_DIR", (folder + "/state-" + store).c_str(), 1);
}

/// A CTest run of many processes of one request each.
void compareRuns() {
    httptest::testing::TemporaryFolder const folder;
    std::string tests;
    for (int i = 0; i < processes; ++i) {
        tests += "add_test(case" + std::to_string(i) + " \"" + worker() + "\")\n";
    }
    folder.write("CTestTestfile.cmake", tests);
    std::printf("%d processes of one case each, ctest -j16, logins of %lld ms\n", processes,
                static_cast<long long>(loginDelay.count()));
    for (char const* store : {"memory", "file"}) {
        runai::testing::FakeControlPlane plane;
        plane.setLoginDelay(loginDelay);
        configure(plane, store, folder.path());
        auto const began = std::chrono::steady_clock::now();
        if (!succeeds(start({"ctest", "--test-dir", folder.path(), "-j16", "-Q"}))) {
            throw std::runtime_error("a case failed");
        }
        std::printf("  %-8s %8.2f s %8llu logins\n", store, seconds(std::chrono::steady_clock::now() - began),
                    static_cast<unsigned long long>(plane.counters().loginRequests()));
    }
}

/// Processes one after the other that find a token in the store, beside ones that get it from a login that takes no time.
void costOfAHit() {
    constexpr int rounds = 100;
    httptest::testing::TemporaryFolder const folder;
    runai::testing::FakeControlPlane const plane;
    std::printf("one process with one request, nothing else at work, ms (best, mean of %d)\n", rounds);
    for (char const* store : {"memory", "file"}) {
        configure(plane, store, folder.path());
        double best = 1e9;
        double sum = 0;
        for (int i = 0; i <= rounds; ++i) {
            auto const began = std::chrono::steady_clock::now();
            if (!succeeds(start({worker()}))) {
                throw std::runtime_error("a process failed");
            }
            double const took = 1e3 * seconds(std::chrono::steady_clock::now() - began);
            if (i > 0) { // the first fills the store
                best = std::min(best, took);
                sum += took;
            }
        }
        std::printf("  %-8s %8.2f %8.2f\n", store, best, sum / rounds);
    }
}

/// Many processes and threads on short tokens.
void soak() {
    httptest::testing::TemporaryFolder const folder;
    runai::testing::FakeControlPlane plane;
    plane.setTokenLifetime(soakLifetime);
    configure(plane, "file", folder.path());
    std::vector<pid_t> running;
    for (int i = 0; i < soakProcesses; ++i) {
        running.push_back(
            start({worker(), "--seconds", std::to_string(soakSeconds), "--threads", std::to_string(soakThreads)}));
    }
    int failed = 0;
    for (pid_t const process : running) {
        failed += succeeds(process) ? 0 : 1;
    }
    double const lifetime = static_cast<double>(soakLifetime.count());
    double const used = lifetime - lifetime / 10 - lifetime / 5; // less margin and window
    auto const counters = plane.counters();
    std::printf(
        "%d processes of %d threads for %d s, tokens of %.0f s\n"
        "  requests                            %10llu\n"
        "  refused                             %10llu\n"
        "  processes with a failed request     %10d\n"
        "  logins                              %10llu\n"
        "  time / (lifetime - window - margin) %13.2f\n",
        soakProcesses, soakThreads, soakSeconds, lifetime,
        static_cast<unsigned long long>(counters.requests - counters.loginRequests()),
        static_cast<unsigned long long>(counters.unauthorized), failed,
        static_cast<unsigned long long>(counters.loginRequests()), soakSeconds / used);
}

} // namespace

/// bench_store [runs|hit|soak]
int main(int argc, char** argv) {
    try {
        std::string_view const only = argc > 1 ? argv[1] : "";
        if (only.empty() || only == "runs") compareRuns();
        if (only.empty() || only == "hit") costOfAHit();
        if (only.empty() || only == "soak") soak();
        return EXIT_SUCCESS;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "bench_store: %s\n", error.what());
        return EXIT_FAILURE;
    }
}
