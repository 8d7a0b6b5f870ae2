// What a suite does, from the first login to the harness's end, with everything that crosses the libraries' borders:
// values, exceptions of the SDK and of the plugin, callbacks, threads, memory that one side takes and the other frees.
//
//   mixed         ends with 0, or says what went wrong
//   mixed leak    loses memory besides, so that a check for leaks can be seen to work

#include <httptest/bad_credentials.hpp>
#include <httptest/cleanup.hpp>
#include <httptest/error.hpp>
#include <httptest/harness.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

void require(bool condition, char const* what) {
    if (!condition) {
        throw std::runtime_error(what);
    }
}

template <class Failure, class Action>
std::string caught(Action action) {
    try {
        action();
    } catch (Failure const& failure) {
        return failure.what();
    }
    throw std::runtime_error("an exception does not cross the libraries' border");
}

void sendFromThreads(httptest::Session const& session) {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&session] {
            for (int sent = 0; sent < 10; ++sent) {
                session.get("/api/v1/clusters").send().requireStatus(200);
            }
        });
    }
}

/// Not inlined, since the address would stay in the frame of main.
[[gnu::noinline]] void lose() {
    auto* volatile lost = new std::string(1000, 'x');
    lost->clear();
    lost = nullptr;
}

void run() {
    httptest::Harness const harness;
    httptest::Session const session = harness.session();
    sendFromThreads(session);
    require(harness.auth().counters.logins == 1, "the threads shared no login");

    session.get("/api/v1/clusters").auth(httptest::bad::tampered()).send().requireStatus(401);
    caught<httptest::ExpectationFailed>([&] { session.get("/api/v1/clusters").send().requireStatus(500); });
    caught<httptest::InvalidRequest>([&] { session.get("no path").send(); });
    // Made by the plugin, on the thread of a login.
    httptest::Session const stranger = harness.identity("stranger", {"nobody", httptest::Secret("not-the-secret")});
    caught<httptest::CredentialsRejected>([&] { stranger.get("/api/v1/clusters").send(); });

    httptest::Cleanup cleanup;
    cleanup.add(session.del("/api/v1/org-unit/projects/0"));
}

} // namespace

int main(int argc, char** argv) {
    try {
        run();
        if (argc > 1 && std::string_view(argv[1]) == "leak") {
            lose();
        }
        std::puts("mixed: done");
        return EXIT_SUCCESS;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "mixed: %s\n", error.what());
        return EXIT_FAILURE;
    }
}
