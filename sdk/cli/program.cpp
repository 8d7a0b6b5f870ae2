#include "command.hpp"
#include "manual.hpp"
#include "session/version.hpp"
#include "terminal.hpp"

#include <algorithm>
#include <cerrno>
#include <span>

namespace httptest::cli {

namespace {

bool isHelp(std::string const& word) {
    return word == "--help" || word == "-h" || word == "help";
}

Command const& find(std::vector<Command> const& commands, std::string const& name) {
    auto const found = std::find_if(commands.begin(), commands.end(), [&](Command const& c) { return c.name == name; });
    if (found != commands.end()) {
        return *found;
    }
    std::vector<std::string> names;
    for (Command const& command : commands) {
        names.emplace_back(command.name);
    }
    bool const option = name.starts_with("-");
    throw UsageError(std::string(option ? "unknown option " : "unknown command '") + name + (option ? "" : "'") +
                     didYouMean(name, option ? std::vector<std::string>{"--help", "--version"} : names));
}

ExitCode runCommand(Command const& command, std::span<std::string const> words) {
    Arguments const arguments = Arguments::parse(words, command.options);
    if (arguments.has("help")) {
        writeOut(manualOf(command));
        return ExitCode::ok;
    }
    std::size_t const count = arguments.operands().size();
    if (count > command.operandsMax) {
        throw UsageError("unexpected argument '" + shown(arguments.operands()[command.operandsMax]) + "'");
    }
    if (count < command.operandsMin) {
        throw UsageError(std::string("it needs more: httptest ") + command.name + " " + command.synopsis);
    }
    return command.run(arguments);
}

ExitCode run(std::vector<std::string> const& words, std::string& failed) {
    std::vector<Command> const commands = allCommands();
    if (words.empty()) {
        throw UsageError("no command given");
    }
    if (words.front() == "--version") {
        writeOut(std::string("httptest ") + version + "\n");
        return ExitCode::ok;
    }
    if (isHelp(words.front())) {
        writeOut(words.size() > 1 ? manualOf(find(commands, words[1])) : manual(commands));
        return ExitCode::ok;
    }
    Command const& command = find(commands, words.front());
    failed += std::string(" ") + command.name;
    return runCommand(command, std::span(words).subspan(1));
}

} // namespace

std::vector<Command> allCommands() {
    std::vector<Command> commands{doctorCommand(), tokenCommand(), requestCommand(), pluginsCommand(),
                                  configCommand(), storeCommand(), sweepCommand()};
    for (Command& command : commands) {
        command.options.push_back({"help", 'h', nullptr, "Print this and end."});
    }
    return commands;
}

int runProgram(std::vector<std::string> const& words) noexcept {
    std::string failed = "httptest";
    ExitCode code = ExitCode::failed;
    try {
        code = run(words, failed);
    } catch (OutputError const& error) {
        // Who reads no further knows why.
        if (error.code().value() != EPIPE) {
            writeError(failed + ": " + shown(error.what()) + "\n");
        }
    } catch (std::exception const& error) {
        code = exitCodeOf(error);
        writeError(failed + ": " + shown(error.what()) + "\n");
    }
    if (code == ExitCode::usage) {
        writeError("See: " + failed + " --help\n");
    }
    return static_cast<int>(code);
}

} // namespace httptest::cli
