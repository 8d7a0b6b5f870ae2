#include "background.hpp"
#include "connection_files.hpp"
#include "service.hpp"
#include "settings.hpp"

#include <Poco/Util/Application.h>
#include <Poco/Util/HelpFormatter.h>
#include <Poco/Util/Option.h>
#include <Poco/Util/OptionCallback.h>
#include <Poco/Util/OptionSet.h>

#include <iostream>

namespace runai::testing {

namespace {

class Program : public Poco::Util::Application {
protected:
    void defineOptions(Poco::Util::OptionSet& options) override {
        Application::defineOptions(options);
        add(options, "help", "Print this and end.");
        add(options, "port", "Port to listen on, on 127.0.0.1; 0 (the default) takes a free one.", "N");
        add(options, "tls", "Serve https with a certificate authority of its own.");
        add(options, "version", "Behave like this version: 2.18, 2.20 or 3.0 (the default).", "VERSION");
        add(options, "without-v1", "Have token API v2 alone, as a control plane that has dropped v1.");
        add(options, "token-lifetime", "Life of tokens in seconds; 3600 by default.", "SECONDS");
        add(options, "no-expires-in", "Leave the lifetime out of login replies.");
        add(options, "login-delay-ms", "Answer logins this late.", "N");
        add(options, "clock-skew", "Let the server's clock be this many seconds ahead (or, negative, behind).",
            "SECONDS");
        add(options, "config-out", "Write URL and credentials to this file, as JSON, mode 0600.", "FILE");
        add(options, "ca-out", "Write the CA certificate to this file.", "FILE");
        add(options, "accounts-out",
            "Write such files for the other accounts to this folder: viewer.json (a client that may only read), "
            "user.json (name and password), external.json (a token of a trusted identity provider, in external-token), "
            "and "
            "expired-token, a token that has ended.",
            "DIR");
        add(options, "stop-after", "End after so many seconds; with --start 3600 by default.", "SECONDS");
        add(options, "start",
            "Serve in the background; DIR gets config.json, ca.pem, pid, log, counters.json and the other accounts' "
            "files.",
            "DIR");
        add(options, "stop", "End the background server of DIR and print its counters.", "DIR");
    }

    int main(ArgVec const& arguments) override {
        if (commandLine_.contains("help")) {
            printHelp();
            return EXIT_OK;
        }
        try {
            if (!arguments.empty()) {
                throw UsageError("unexpected argument '" + arguments.front() + "'");
            }
            perform(readSettings(commandLine_));
            return EXIT_OK;
        } catch (UsageError const& error) {
            std::cerr << commandName() << ": " << error.what() << "; see --help\n";
            return EXIT_USAGE;
        } catch (Poco::Exception const& error) {
            std::cerr << commandName() << ": " << error.displayText() << '\n';
        } catch (std::exception const& error) {
            std::cerr << commandName() << ": " << error.what() << '\n';
        }
        return EXIT_SOFTWARE;
    }

private:
    void add(Poco::Util::OptionSet& options, std::string const& name, std::string const& description,
             std::string const& argument = {}) {
        Poco::Util::Option option(name, "", description);
        if (!argument.empty()) {
            option.argument(argument);
        }
        options.addOption(option.callback(Poco::Util::OptionCallback<Program>(this, &Program::remember)));
    }

    void remember(std::string const& name, std::string const& value) {
        commandLine_[name] = value;
        if (name == "help") {
            stopOptionsProcessing();
        }
    }

    static void perform(Settings const& settings) {
        switch (settings.action) {
        case Settings::Action::serve: {
            auto const counters = serve(settings, [](std::string const& text) { std::cout << text << std::flush; });
            std::cout << countersLine(counters) << std::endl;
            return;
        }
        case Settings::Action::start: std::cout << startInBackground(settings) << std::flush; return;
        case Settings::Action::stop: std::cout << stopInBackground(settings.folder) << std::endl; return;
        }
    }

    void printHelp() const {
        Poco::Util::HelpFormatter formatter(options());
        formatter.setUnixStyle(true);
        formatter.setCommand(commandName());
        formatter.setUsage("[options] | --start DIR [options] | --stop DIR");
        formatter.setHeader(
            "A Run:ai control plane for tests, kept in memory: logins, projects, workspaces, accounts and their "
            "rights.");
        formatter.setFooter("Prints URL and credentials, serves until SIGTERM or SIGINT, then prints its counters.");
        formatter.format(std::cout);
    }

    CommandLine commandLine_;
};

} // namespace

} // namespace runai::testing

int main(int argc, char** argv) {
    runai::testing::Program program;
    try {
        program.init(argc, argv);
    } catch (Poco::Exception const& error) {
        std::cerr << "runai-fake-control-plane: " << error.displayText() << "; see --help\n";
        return Poco::Util::Application::EXIT_USAGE;
    }
    return program.run();
}
