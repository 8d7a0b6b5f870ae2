#include "manual.hpp"

#include <sstream>
#include <string_view>

namespace httptest::cli {

namespace {

constexpr std::size_t lineWidth = 80;
constexpr std::size_t indent = 4;

/// Breaks lines between words; paragraphs are separated by an empty line, a line that begins with a blank stays whole.
std::string wrapped(std::string_view text, std::size_t margin) {
    std::string const left(margin, ' ');
    std::istringstream lines{std::string(text)};
    std::string result;
    std::string current;
    auto const flush = [&] {
        result += current.empty() ? "" : left + current + "\n";
        current.clear();
    };
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.front() == ' ') {
            flush();
            result += line.empty() ? "\n" : left + line.substr(1) + "\n";
            continue;
        }
        std::istringstream words(line);
        for (std::string word; words >> word;) {
            if (!current.empty() && margin + current.size() + 1 + word.size() > lineWidth) {
                flush();
            }
            current += (current.empty() ? "" : " ") + word;
        }
    }
    flush();
    return result;
}

std::string heading(char const* title, std::string const& body) {
    return std::string(title) + "\n" + body + "\n";
}

std::string labelled(std::string const& label, std::string_view text) {
    return std::string(indent, ' ') + label + "\n" + wrapped(text, 2 * indent);
}

std::string labelOf(Option const& option) {
    std::string const argument = option.argument != nullptr ? option.argument : "";
    std::string label = option.shortName != '\0' ? std::string("-") + option.shortName + ", " : std::string();
    label += std::string("--") + option.name + (argument.empty() ? "" : " " + argument);
    return label;
}

std::string exitStatus() {
    std::string text;
    for (ExitCodeMeaning const& entry : exitCodes()) {
        std::string number = std::to_string(static_cast<int>(entry.code));
        number.insert(0, 2 - number.size(), ' ');
        std::string body = wrapped(entry.meaning, indent + 4);
        text += body.replace(indent, 2, number);
    }
    return text;
}

constexpr char const* environment =
    "HTTPTEST_CONFIG names a configuration file; every setting has a variable of its own, such as RUNAI_BASE_URL. "
    "`httptest config` shows them all. NO_COLOR turns colours off, which are used on terminals only.";

} // namespace

std::string manual(std::vector<Command> const& commands) {
    std::string text =
        heading("NAME", wrapped("httptest - what HTTP integration tests log in with, on the command line", indent));
    text += heading("SYNOPSIS", "    httptest COMMAND [OPTION…]\n    httptest --help | --version\n");
    text += heading("DESCRIPTION",
                    wrapped("Works with the configuration, the auth provider and the transport that tests use, so that "
                            "what succeeds here succeeds there. Start with `httptest doctor`.",
                            indent));
    std::string list;
    for (Command const& command : commands) {
        list += labelled(std::string(command.name) + " " + command.synopsis, command.summary);
    }
    text += heading("COMMANDS", list + wrapped("\n`httptest COMMAND --help` prints a command's manual.", indent));
    text += heading("EXIT STATUS", exitStatus());
    text += heading("ENVIRONMENT", wrapped(environment, indent));
    text.pop_back();
    return text;
}

std::string manualOf(Command const& command) {
    std::string text =
        heading("NAME", wrapped(std::string("httptest ") + command.name + " - " + command.summary, indent));
    text += heading("SYNOPSIS", wrapped(std::string(" httptest ") + command.name + " " + command.synopsis, indent));
    text += heading("DESCRIPTION", wrapped(command.description, indent));
    std::string options;
    for (Option const& option : command.options) {
        options += labelled(labelOf(option), option.text);
    }
    if (!options.empty()) {
        text += heading("OPTIONS", options);
    }
    text += heading("EXIT STATUS", exitStatus());
    text += heading("ENVIRONMENT", wrapped(environment, indent));
    text += heading("EXAMPLES", wrapped(command.examples, indent));
    text.pop_back();
    return text;
}

} // namespace httptest::cli
