#include "command.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <httptest/token_store.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace httptest::cli {

namespace {

std::string seconds(std::chrono::seconds time) {
    return std::to_string(time.count()) + " s";
}

std::string asText(std::vector<StoredEntryInfo> const& entries) {
    std::string text;
    for (StoredEntryInfo const& entry : entries) {
        text += entry.name + "  login " + std::to_string(entry.number) + ", " + seconds(entry.age) + " old, ";
        text += entry.remaining.count() > 0 ? "ends in " + seconds(entry.remaining) : std::string("has ended");
        text += entry.leading ? ", a process is logging in\n" : "\n";
    }
    return text.empty() ? "no logins are stored\n" : text;
}

std::string asJson(std::vector<StoredEntryInfo> const& entries) {
    auto list = nlohmann::ordered_json::array();
    for (StoredEntryInfo const& entry : entries) {
        list.push_back({{"name", entry.name},
                        {"number", entry.number},
                        {"age_s", entry.age.count()},
                        {"remaining_s", entry.remaining.count()},
                        {"bytes", entry.bytes},
                        {"leading", entry.leading}});
    }
    return list.dump(2) + "\n";
}

ExitCode runStore(Arguments const& arguments) {
    Setup const setup;
    std::string const folder = setup.own().has("state_dir") ? setup.own().text("state_dir") : "";
    std::string const action = arguments.operands().empty() ? "list" : arguments.operands()[0];
    if (action != "list" && action != "clear") {
        throw UsageError("'" + shown(action) + "' is nothing to do with the store; say list or clear");
    }
    if (action == "clear") {
        writeOut(std::to_string(clearTokenStore(folder)) + " files removed\n");
        return ExitCode::ok;
    }
    std::vector<StoredEntryInfo> const entries = listTokenStore(folder);
    writeOut(arguments.has("json") ? asJson(entries) : asText(entries));
    return ExitCode::ok;
}

} // namespace

Command storeCommand() {
    return {
        "store",
        "[list | clear] [--json]",
        "list or clear the logins that processes share",
        "Looks into the folder of the token store (token_store = file): the setting state_dir, else "
        "$XDG_RUNTIME_DIR/httptest, else $TMPDIR/httptest-<uid>. A login shows its number, its age and when its token "
        "ends. Whose it is and the token itself are sealed under the account's secret and are not shown.\n"
        "\n"
        "clear removes them; processes that run keep their tokens and log in anew when those end.",
        {{"json", '\0', nullptr, "Print JSON."}},
        0,
        1,
        " httptest store\n"
        " httptest store clear",
        &runStore,
    };
}

} // namespace httptest::cli
