#include "command.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <nlohmann/json.hpp>

#include <unistd.h>

namespace httptest::cli {

namespace {

bool isChosen(PluginFile const& plugin, std::string const& chosen) {
    return plugin.name == chosen && !plugin.shadowed;
}

std::string asText(std::vector<PluginFile> const& plugins, std::string const& chosen) {
    Palette const palette(STDOUT_FILENO);
    std::string text;
    for (PluginFile const& plugin : plugins) {
        bool const usable = plugin.problem.empty();
        text += isChosen(plugin, chosen) ? "* " : "  ";
        text += shown(plugin.name) + "  " +
                palette.paint(usable ? Colour::green : Colour::red, usable ? "usable" : "not usable") + "\n";
        text += "    file    " + shown(plugin.file) + (plugin.shadowed ? " (hidden by the one above)" : "") + "\n";
        text += "    marker  " + (plugin.marker.empty() ? "none" : shown(plugin.marker)) + "\n";
        text += usable ? "" : "    why     " + shown(plugin.problem) + "\n";
    }
    return text;
}

std::string asJson(std::vector<PluginFile> const& plugins, std::string const& chosen) {
    auto list = nlohmann::ordered_json::array();
    for (PluginFile const& plugin : plugins) {
        list.push_back({{"name", shown(plugin.name)},
                        {"chosen", isChosen(plugin, chosen)},
                        {"usable", plugin.problem.empty()},
                        {"file", shown(plugin.file)},
                        {"shadowed", plugin.shadowed},
                        {"marker", shown(plugin.marker)},
                        {"problem", shown(plugin.problem)}});
    }
    return list.dump(2) + "\n";
}

ExitCode runPlugins(Arguments const& arguments) {
    Setup setup;
    std::vector<PluginFile> const plugins = setup.providers().libraries();
    if (arguments.has("json")) {
        writeOut(asJson(plugins, setup.providerName()));
    } else {
        writeOut(asText(plugins, setup.providerName()));
    }
    if (plugins.empty()) {
        setup.loadProvider(); // throws the error that names every folder that was searched
    }
    return ExitCode::ok;
}

} // namespace

Command pluginsCommand() {
    return {
        "plugins",
        "[--json]",
        "list the auth providers' libraries that can be found",
        "Looks into the folders of HTTPTEST_PLUGIN_PATH, then beside the SDK's library, and says of each plugin which "
        "file it is, which binary interface it was built for, whether it can be loaded, and if not why. The one that "
        "tests use (the setting provider) is marked with a star. Usable ones are loaded, which runs their code.",
        {{"json", '\0', nullptr, "Print JSON."}},
        0,
        0,
        " httptest plugins\n"
        " HTTPTEST_PLUGIN_PATH=build/lib httptest plugins --json",
        &runPlugins,
    };
}

} // namespace httptest::cli
