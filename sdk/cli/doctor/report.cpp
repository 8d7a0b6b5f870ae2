#include "doctor/report.hpp"

#include "terminal.hpp"

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace httptest::cli {

namespace {

constexpr std::size_t nameWidth = 14;
constexpr char const* continuation = "                                  ";

char const* word(Result result) noexcept {
    switch (result) {
    case Result::ok: return "ok";
    case Result::warned: return "warn";
    case Result::failed: return "FAIL";
    case Result::skipped: break;
    }
    return "skip";
}

Colour colour(Result result) noexcept {
    switch (result) {
    case Result::ok: return Colour::green;
    case Result::warned: return Colour::yellow;
    case Result::failed: return Colour::red;
    case Result::skipped: break;
    }
    return Colour::dim;
}

double milliseconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

std::string timeText(Step const& step) {
    if (!step.took) {
        return "           ";
    }
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%8.1f ms", milliseconds(*step.took));
    return buffer.data();
}

/// Every line but the first below the first one's text.
std::string indented(std::string const& text) {
    std::string result;
    for (char const c : text) {
        result.push_back(c);
        if (c == '\n') {
            result += continuation;
        }
    }
    return result;
}

std::string quantity(std::size_t count, char const* noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

} // namespace

std::string asText(Step const& step) {
    Palette const palette(STDOUT_FILENO);
    std::string mark = word(step.result);
    mark.resize(4, ' ');
    std::string name = step.name;
    name.resize(std::max(nameWidth, name.size()), ' ');
    std::string line = palette.paint(colour(step.result), mark) + "  " + name + timeText(step) + "   ";
    line += indented(shown(step.text)) + "\n";
    if (!step.remedy.empty()) {
        line += std::string(continuation) + palette.paint(Colour::yellow, "-> ") + indented(shown(step.remedy)) + "\n";
    }
    return line;
}

std::string conclusion(std::vector<Step> const& steps) {
    std::string skipped;
    std::size_t warnings = 0;
    std::string broken;
    for (Step const& step : steps) {
        if (step.result == Result::skipped) {
            skipped += (skipped.empty() ? "" : ", ") + step.name;
        }
        warnings += step.result == Result::warned ? 1 : 0;
        broken = step.result == Result::failed ? step.name : broken;
    }
    if (!broken.empty()) {
        return (skipped.empty() ? "" : "Not checked: " + skipped + ".\n") + "Broken: " + broken + ".\n";
    }
    return "All is well" + (warnings == 0 ? "" : ", with " + quantity(warnings, "warning")) + ".\n";
}

std::string asJson(std::vector<Step> const& steps, ExitCode code) {
    auto list = nlohmann::ordered_json::array();
    for (Step const& step : steps) {
        nlohmann::ordered_json entry = {{"step", step.name}, {"result", word(step.result)}};
        if (step.took) {
            entry["ms"] = milliseconds(*step.took);
        }
        if (!step.text.empty()) {
            entry["text"] = shown(step.text);
        }
        if (!step.remedy.empty()) {
            entry["remedy"] = shown(step.remedy);
        }
        for (auto const& [name, value] : step.facts) {
            entry["facts"][name] = shown(value);
        }
        list.push_back(std::move(entry));
    }
    nlohmann::ordered_json const report = {
        {"ok", code == ExitCode::ok}, {"exit_code", static_cast<int>(code)}, {"steps", std::move(list)}};
    return report.dump(2) + "\n";
}

} // namespace httptest::cli
