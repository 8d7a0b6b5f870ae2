#include "command.hpp"
#include "terminal.hpp"

#include <csignal>

int main(int argc, char** argv) {
    httptest::cli::occupyStandardDescriptors();
    // A reader that goes away is an error of a write, not the end of the process.
    std::signal(SIGPIPE, SIG_IGN); // NOLINT(cert-err33-c,performance-no-int-to-ptr)
    return httptest::cli::runProgram({argv + (argc > 0 ? 1 : 0), argv + argc});
}
