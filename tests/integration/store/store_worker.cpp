// A test process as a suite would have many of: a harness from the environment, requests, an exit code. It can be told to
// end itself at a step of its work with the token store.

#include <httptest/clock.hpp>
#include <httptest/harness.hpp>
#include <httptest/token_store.hpp>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

struct Task {
    int seconds = 0; ///< 0: one request.
    int threads = 1;
    std::string killAt;
    bool locks = true;
};

/// worker [--seconds N] [--threads N] [--kill-at STEP] [--locks yes|no]
Task taskOf(int argc, char** argv) {
    Task task;
    for (int i = 1; i + 1 < argc; i += 2) {
        std::string_view const option = argv[i];
        if (option == "--seconds") {
            task.seconds = std::stoi(argv[i + 1]);
        } else if (option == "--threads") {
            task.threads = std::stoi(argv[i + 1]);
        } else if (option == "--kill-at") {
            task.killAt = argv[i + 1];
        } else if (option == "--locks") {
            task.locks = std::string_view(argv[i + 1]) == "yes";
        }
    }
    return task;
}

/// From here on the kernel answers flock as it does for a network file system without a lock daemon.
void forgoLocks() {
    std::array<sock_filter, 4> program{{
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_flock},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOLCK},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    }};
    sock_fprog const filter{program.size(), program.data()};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) {
        throw std::runtime_error("this kernel lets no process filter its system calls");
    }
}

httptest::HarnessOptions options(Task const& task) {
    httptest::HarnessOptions result;
    if (!task.killAt.empty()) {
        httptest::FileTokenStoreSeams seams;
        seams.atStep = [step = task.killAt](std::string_view name) {
            if (name == step) {
                std::raise(SIGKILL);
            }
        };
        result.tokenStore =
            httptest::fileTokenStore(std::getenv("HTTPTEST_STATE_DIR"), httptest::systemClock(), std::move(seams));
    }
    return result;
}

} // namespace

int main(int argc, char** argv) {
    try {
        Task const task = taskOf(argc, argv);
        if (!task.locks) {
            forgoLocks();
        }
        httptest::Harness const harness(options(task));
        httptest::Session const session = harness.session();
        auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(task.seconds);
        std::atomic<int> failures{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < task.threads; ++i) {
                threads.emplace_back([&] {
                    do {
                        try {
                            failures += session.get("/api/v1/clusters").send().status() == 200 ? 0 : 1;
                        } catch (std::exception const& error) {
                            ++failures;
                            std::fprintf(stderr, "store_worker: %s\n", error.what());
                        }
                    } while (std::chrono::steady_clock::now() < end);
                });
            }
        }
        std::printf("%s\n", harness.auth().fingerprint.c_str());
        return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "store_worker: %s\n", error.what());
        return EXIT_FAILURE;
    }
}
