// What a test process costs before its first case. See README.md.

#include "support/nginx.hpp"
#include "support/rounds.hpp"

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace httptest::bench;

constexpr int standardRounds = 100;
constexpr std::size_t nothing = 2;

struct Probe {
    char const* name;
    char const* program;
    char const* argument;
    std::vector<double> processorTimes = {}; ///< Milliseconds, user and system.
};

double milliseconds(timeval const& time) {
    return 1e3 * static_cast<double>(time.tv_sec) + 1e-3 * static_cast<double>(time.tv_usec);
}

void runProcess(std::string const& folder, Probe& probe) {
    std::string program = folder + "/" + probe.program;
    std::string argument = probe.argument;
    char* const arguments[] = {program.data(), argument.data(), nullptr};
    pid_t process = 0;
    int status = 0;
    rusage usage{};
    if (::posix_spawn(&process, program.c_str(), nullptr, nullptr, arguments, environ) != 0 ||
        ::wait4(process, &status, 0, &usage) != process || status != 0) {
        throw std::runtime_error(program + " " + argument + " failed");
    }
    probe.processorTimes.push_back(milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime));
}

} // namespace

/// bench_start [rounds]
int main(int argc, char** argv) {
    try {
        int const rounds = argc > 1 ? std::atoi(argv[1]) : standardRounds;
        Nginx const server;
        ::setenv("RUNAI_BASE_URL", server.url(true).c_str(), 1);
        ::setenv("RUNAI_CA_FILE", server.caFile().c_str(), 1);
        ::setenv("RUNAI_CLIENT_ID", "bench", 1);
        ::setenv("RUNAI_CLIENT_SECRET", "a-secret-for-the-bench", 1);
        std::string const folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
        std::array<Probe, 6> probes{{
            {"a bare program", "start_bare", ""},
            {"links Poco and OpenSSL, does nothing", "start_linked", ""},
            {"links the library, does nothing", "start_probe", "nothing"},
            {"loads the plugin, reads its configuration", "start_probe", "configure"},
            {"... and sends one https request", "start_probe", "request"},
            {"... and logs in before it, over https", "start_probe", "login"},
        }};
        std::vector<Contestant> contestants;
        for (Probe& probe : probes) {
            contestants.push_back({probe.name, [&](int count) {
                                       for (int i = 0; i < count; ++i) runProcess(folder, probe);
                                   }});
        }
        auto const standings = compare(contestants, rounds, 1, nothing);
        print("Start and end of a process", standings, std::chrono::milliseconds(1), "ms");
        std::printf("  steps, ms, medians: wall clock, processor time\n");
        auto const step = [&](char const* what, std::size_t from, std::size_t to) {
            std::printf("  %-44s %10.2f %10.2f\n", what, medianStep(standings[from], standings[to]) / 1e6,
                        medianOf(probes[to].processorTimes) - medianOf(probes[from].processorTimes));
        };
        step("the link of the library", 0, 2);
        step("plugin and configuration", 2, 3);
        step("the first https request", 3, 4);
        step("the login", 4, 5);
        return EXIT_SUCCESS;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "bench_start: %s\n", error.what());
        return EXIT_FAILURE;
    }
}
