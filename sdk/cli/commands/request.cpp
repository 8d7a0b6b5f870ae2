#include "command.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <httptest/error.hpp>
#include <httptest/harness.hpp>
#include <httptest/redactor.hpp>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>
#include <utility>

namespace httptest::cli {

namespace {

constexpr int firstErrorStatus = 400;

std::pair<std::string, std::string> header(std::string const& text) {
    auto const colon = text.find(':');
    if (colon == std::string::npos || colon == 0) {
        // The text is not shown: it may be a credential.
        throw UsageError("--header takes 'Name: value'");
    }
    auto const value = text.find_first_not_of(" \t", colon + 1);
    return {text.substr(0, colon), value == std::string::npos ? "" : text.substr(value)};
}

std::string contentOf(std::istream& stream) {
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// The value of --data: a text, `@file` or `@-`.
std::string data(std::string const& value) {
    if (!value.starts_with('@')) {
        return value;
    }
    if (value == "@-") {
        return contentOf(std::cin);
    }
    std::string const path = value.substr(1);
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string content = file ? contentOf(file) : "";
    if (!file) {
        throw UsageError("--data: cannot read '" + path + "': " + std::generic_category().message(errno));
    }
    return content;
}

std::string headText(Exchange const& exchange) {
    std::string text =
        "HTTP/1.1 " + std::to_string(exchange.status()) + " " + shown(exchange.response().reason) + "\r\n";
    for (Headers::Field const& field : exchange.headers()) {
        text.append(field.name).append(": ");
        text.append(isSecretHeader(field.name) ? redactedMark : std::string_view(field.value)).append("\r\n");
    }
    return text + "\r\n";
}

Exchange send(Arguments const& arguments, Session const& session) {
    std::string method = arguments.operands()[0];
    std::transform(method.begin(), method.end(), method.begin(), [](unsigned char c) { return std::toupper(c); });
    RequestBuilder builder = session.request(method, arguments.operands()[1]);
    if (arguments.has("data")) {
        builder.body(data(arguments.value("data")), "application/json");
    }
    for (std::string const& text : arguments.values("header")) {
        auto [name, value] = header(text);
        builder.header(name, std::move(value));
    }
    if (arguments.has("anonymous")) {
        builder.anonymous();
    }
    if (arguments.has("timeout")) {
        builder.timeout(timeoutOf(arguments));
    }
    return builder.send();
}

ExitCode runRequest(Arguments const& arguments) {
    Harness const harness(commandHarness());
    Exchange const exchange = send(arguments, harness.session(arguments.value("identity")));
    if (arguments.has("verbose")) {
        writeError(exchange.text());
    } else {
        writeError(std::to_string(exchange.status()) + " " + shown(exchange.response().reason) + "\n");
    }
    if (arguments.has("include")) {
        writeOut(headText(exchange));
    }
    writeOut(exchange.body());
    bool const failed = arguments.has("fail") && exchange.status() >= firstErrorStatus;
    return failed ? ExitCode::request : ExitCode::ok;
}

} // namespace

Command requestCommand() {
    return {
        "request",
        "METHOD PATH [-H 'NAME: VALUE']… [-d DATA] [--identity NAME] [--include] [--fail]",
        "send one authorized request, as a test would",
        "Sends METHOD to PATH, below the base URL or an absolute URL, with the token that tests send: only to the base "
        "URL's origin and those of token_origins, refreshed and replayed once after a 401. Nothing of it is in an "
        "argument.\n"
        "\n"
        "The body goes to standard output as it came, whatever it holds, the status line to standard error.",
        {{"header", 'H', "'NAME: VALUE'",
          "Set a header; may be given more than once. With an Authorization header of "
          "your own no token is sent.",
          true},
         {"data", 'd', "DATA",
          "Send this body; @FILE sends a file's content, @- standard input. Its type is "
          "application/json unless a header says otherwise."},
         identityOption(),
         {"anonymous", '\0', nullptr, "Send no token."},
         {"include", 'i', nullptr,
          "Print the reply's status and headers before the body; headers that carry "
          "credentials are redacted."},
         {"fail", 'f', nullptr,
          "End with exit status 20 when the status is 400 or more; the body is printed all the "
          "same."},
         {"verbose", 'v', nullptr, "Write the exchange as a failing test shows it, redacted, to standard error."},
         {"timeout", '\0', "DURATION",
          "The longest that it may take, login included; the setting request_timeout_ms "
          "without it."}},
        2,
        2,
        " httptest request GET /api/v1/clusters\n"
        " httptest request GET /api/v1/clusters --identity researcher\n"
        " httptest request --fail POST /api/v1/org-unit/projects -d @project.json | jq .id",
        &runRequest,
    };
}

} // namespace httptest::cli
