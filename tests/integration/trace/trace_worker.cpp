// A process that sends requests with a harness from the environment, as a suite's would, and says of SIGTERM what it has
// under way.

#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/in_flight.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr int threadCount = 4;
constexpr int requestsOfAThread = 25;
constexpr int crowd = 66;

void sendMany(httptest::Session const& session) {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < threadCount; ++thread) {
        threads.emplace_back([&session] {
            for (int sent = 0; sent < requestsOfAThread; ++sent) {
                session.get("/api/v1/clusters").send();
            }
        });
    }
}

/// More than the report has room for, all of them unanswered, until SIGTERM has been reported.
int sendACrowd(httptest::Session const& session) {
    std::string const longPath = "/slow?" + std::string(1000, 'q');
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < crowd; ++thread) {
        threads.emplace_back([&] {
            try {
                session.get(longPath).anonymous().timeout(std::chrono::seconds(60)).send();
            } catch (httptest::TransportError const&) { // the server is gone
            }
        });
    }
    return EXIT_SUCCESS;
}

extern "C" void goOn(int) {}

extern "C" void exitQuietly(int) {
    constexpr std::string_view text = "the worker's own handler\n";
    static_cast<void>(!::write(STDERR_FILENO, text.data(), text.size()));
    ::_exit(3);
}

int run(std::string_view task) {
    if (task == "own-handler") {
        std::signal(SIGTERM, &exitQuietly);
    } else if (task == "crowd") {
        std::signal(SIGTERM, &goOn);
    } else if (task == "ignore") {
        std::signal(SIGTERM, SIG_IGN);
    }
    httptest::reportInFlightOnSigterm();
    httptest::Harness const harness;
    httptest::Session const session = harness.session();
    if (task == "many") {
        sendMany(session);
        return EXIT_SUCCESS;
    }
    if (task == "crowd") {
        return sendACrowd(session);
    }
    if (task == "fork") {
        // Without a login's thread, since sanitizers do not take their own locks across a fork.
        session.get("/api/v1/clusters").anonymous().send();
        pid_t const child = ::fork();
        session.get(child == 0 ? "/api/v1/clusters?child" : "/api/v1/clusters?parent").anonymous().send();
        return child == 0 || ::waitpid(child, nullptr, 0) == child ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    session.get("/slow?access_token=hunter2-in-the-url").anonymous().send();
    return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc > 1 ? argv[1] : "");
    } catch (std::exception const& error) {
        std::fprintf(stderr, "trace_worker: %s\n", error.what());
        return EXIT_FAILURE;
    }
}
