#include "command.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/secret.hpp>

#include <unistd.h>

#include <string_view>

namespace httptest::cli {

namespace {

constexpr std::string_view bearer = "Bearer ";

/// Wipes the text when the scope ends.
struct Wiped {
    std::string& text;
    ~Wiped() { wipe(text); }
};

void requirePipe(Arguments const& arguments) {
    if (::isatty(STDOUT_FILENO) == 1 && !arguments.has("force")) {
        throw UsageError(
            "a token is not shown on a terminal, where it stays in the scrollback; pipe it to where it is "
            "used, or say --force");
    }
}

ExitCode runToken(Arguments const& arguments) {
    requirePipe(arguments);
    Harness const harness(commandHarness());
    Session const session = harness.session(arguments.value("identity"));
    Request request;
    request.url = session.url("/");
    if (!session.authorize(request, timeoutOf(arguments)).attached()) {
        throw Misconfigured("the auth provider puts no credential on requests to " + request.url.text());
    }
    std::string output;
    Wiped const wiped{output};
    output.reserve(16384); // so that no copy of the token is left behind by growing
    for (Headers::Field const& field : request.headers) {
        if (arguments.has("header")) {
            output.append(field.name).append(": ").append(field.value).append("\n");
        } else if (std::string_view const value = field.value;
                   field.name == "Authorization" && value.starts_with(bearer)) {
            output.append(value.substr(bearer.size())).append("\n");
        }
    }
    if (output.empty()) {
        throw UsageError("this provider's credential is no bearer token; say --header for the headers that it sets");
    }
    writeOut(output);
    return ExitCode::ok;
}

} // namespace

Command tokenCommand() {
    return {
        "token",
        "[--header] [--identity NAME] [--force] [--timeout DURATION]",
        "print the bearer token that tests send",
        "Logs in where necessary and prints the token, or with --header the whole header for `curl -H @-`, which keeps "
        "it out of arguments, where every process of the machine can read it, and out of the trace of `sh -x`. Do not "
        "write $(httptest token) into a command line: that puts it into both.\n"
        "\n"
        "To a terminal it prints only with --force.",
        {{"header", '\0', nullptr, "Print \"Authorization: Bearer …\" instead of the token alone."},
         {"force", '\0', nullptr, "Print to a terminal too."},
         identityOption(),
         timeoutOption()},
        0,
        0,
        " httptest token --header | curl -H @- https://mycompany.run.ai/api/v1/clusters\n"
        " httptest token | my-tool --token-from-stdin",
        &runToken,
    };
}

} // namespace httptest::cli
