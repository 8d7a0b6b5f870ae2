#include "doctor/doctor.hpp"

#include "command.hpp"
#include "duration.hpp"
#include "terminal.hpp"

namespace httptest::cli {

namespace {

DoctorOptions optionsOf(Arguments const& arguments) {
    DoctorOptions options;
    options.timeout = timeoutOf(arguments);
    options.identity = arguments.value("identity");
    options.path = arguments.value("path");
    if (arguments.has("for")) {
        options.needed = readDuration("for", arguments.value("for"));
    }
    return options;
}

ExitCode runDoctor(Arguments const& arguments) {
    bool const json = arguments.has("json");
    Doctor doctor(optionsOf(arguments), [json](Step const& step) {
        if (!json) {
            writeOut(asText(step));
        }
    });
    std::vector<Step> const steps = doctor.run();
    ExitCode const code = Doctor::exitCode(steps);
    writeOut(json ? asJson(steps, code) : conclusion(steps));
    return code;
}

} // namespace

Command doctorCommand() {
    return {
        "doctor",
        "[--for DURATION] [--identity NAME] [--path PATH] [--timeout DURATION] [--json]",
        "find out why a test cannot make an authorized call",
        "Walks from the configuration to an authorized call and prints one line a step with its time: configuration, "
        "plugin, settings, name (dns), connection (tcp), proxy, TLS, server, clock, token API, login, token, store, "
        "request. It stops at the first step that is broken and says what to do; the exit status names the step.\n"
        "\n"
        "It uses the transport, the auth provider and the session that tests use. Before it logs in it sends one HEAD "
        "to "
        "the base URL without a credential; at the end a GET with the token. Nothing secret is printed.",
        {{"for", '\0', "DURATION",
          "How long the tests will take (3h, 90m): a token that ends before and cannot be "
          "renewed is an error."},
         {"path", '\0', "PATH", "What to ask for with the token; the provider's setting health_path without it, or /."},
         identityOption(),
         timeoutOption(),
         {"json", '\0', nullptr, "Print JSON at the end instead of lines."}},
        0,
        0,
        " httptest doctor\n"
        " httptest doctor --for 3h && ctest --test-dir build\n"
        " httptest doctor --json | jq -r '.steps[] | select(.result == \"FAIL\") | .text'",
        &runDoctor,
    };
}

} // namespace httptest::cli
