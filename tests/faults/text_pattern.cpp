#include "text_pattern.hpp"

#include <regex>
#include <stdexcept>

namespace fault_tests {

namespace {

std::map<std::string, std::string, std::less<>> const& wildcards() {
    static std::map<std::string, std::string, std::less<>> const all{
        {"T", "[0-9]+\\.[0-9]"},
        {"N", "[0-9]+"},
        {"again", "( \\(after [0-9]+ attempts(; .*)?\\))?"},
        {"DATE", "[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4} GMT"},
    };
    return all;
}

/// Calls `onText` and `onName` for the parts of a pattern, in their order.
template <class OnText, class OnName>
void split(std::string_view pattern, OnText onText, OnName onName) {
    while (!pattern.empty()) {
        auto const open = pattern.find('{');
        onText(pattern.substr(0, open));
        if (open == std::string_view::npos) {
            return;
        }
        auto const close = pattern.find('}', open);
        if (close == std::string_view::npos) {
            throw std::invalid_argument("a placeholder without its end: " + std::string(pattern));
        }
        onName(pattern.substr(open + 1, close - open - 1));
        pattern.remove_prefix(close + 1);
    }
}

std::string literally(std::string_view text) {
    std::string expression;
    for (char const c : text) {
        if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) {
            expression += '\\';
        }
        expression += c;
    }
    return expression;
}

} // namespace

std::string filled(std::string_view pattern, Placeholders const& values) {
    std::string text;
    split(
        pattern, [&](std::string_view part) { text += part; },
        [&](std::string_view name) {
            auto const value = values.find(name);
            if (value != values.end()) {
                text += filled(value->second, values);
            } else if (wildcards().contains(name)) {
                text.append("{").append(name).append("}");
            } else {
                throw std::invalid_argument("no placeholder is called {" + std::string(name) + '}');
            }
        });
    return text;
}

bool matches(std::string_view text, std::string_view filledPattern) {
    std::string expression;
    split(
        filledPattern, [&](std::string_view part) { expression += literally(part); },
        [&](std::string_view name) { expression += wildcards().find(name)->second; });
    return std::regex_match(text.begin(), text.end(), std::regex(expression));
}

} // namespace fault_tests
