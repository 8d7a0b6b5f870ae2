#include "cleanup/ledger_entry.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>

namespace httptest::cleanup {

namespace {

using Line = nlohmann::ordered_json;

std::string written(Line const& line) {
    return line.dump(-1, ' ', true, Line::error_handler_t::replace) + "\n";
}

LedgerEntry entryOf(Line const& line) {
    LedgerEntry entry;
    line.at("promise").get_to(entry.number);
    line.at("base_url").get_to(entry.baseUrl);
    line.at("identity").get_to(entry.identity);
    line.at("method").get_to(entry.method);
    line.at("path").get_to(entry.path);
    line.at("accepted").get_to(entry.accepted);
    line.at("time").get_to(entry.time);
    line.at("repeatable").get_to(entry.repeatable);
    return entry;
}

void apply(std::string_view text, LedgerContents& contents) {
    Line const line = Line::parse(text);
    if (line.contains("promise")) {
        contents.left.push_back(entryOf(line));
        return;
    }
    auto const number = line.at("done").get<std::uint64_t>();
    std::erase_if(contents.left, [number](LedgerEntry const& entry) { return entry.number == number; });
}

} // namespace

std::string promiseLine(LedgerEntry const& entry) {
    return written({{"promise", entry.number},
                    {"time", entry.time},
                    {"base_url", entry.baseUrl},
                    {"identity", entry.identity},
                    {"method", entry.method},
                    {"path", entry.path},
                    {"accepted", entry.accepted},
                    {"repeatable", entry.repeatable}});
}

std::string doneLine(std::uint64_t number) {
    return written({{"done", number}});
}

LedgerContents readLedger(std::string_view text) {
    LedgerContents contents;
    for (std::size_t number = 1; !text.empty(); ++number) {
        auto const end = text.find('\n');
        if (end == std::string_view::npos) {
            contents.torn = true;
            break;
        }
        try {
            apply(text.substr(0, end), contents);
        } catch (nlohmann::json::exception const&) {
            // Its text is left out: it may be anything.
            contents.problems.push_back("line " + std::to_string(number) + " is no line of a ledger");
        }
        text.remove_prefix(end + 1);
    }
    std::reverse(contents.left.begin(), contents.left.end());
    return contents;
}

} // namespace httptest::cleanup
