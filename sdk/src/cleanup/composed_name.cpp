#include "cleanup/composed_name.hpp"

#include "time_text.hpp"

#include <httptest/error.hpp>

#include <algorithm>

namespace httptest::cleanup {

namespace {

constexpr std::size_t longestPrefix = 24;
constexpr std::size_t longestBuild = 10;

bool isLower(char c) {
    return c >= 'a' && c <= 'z';
}

bool isLabel(char c) {
    return isLower(c) || (c >= '0' && c <= '9') || c == '-';
}

/// Lower-case letters, digits and single dashes between them.
std::string sanitised(std::string_view text) {
    std::string result;
    for (char c : text) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        c = isLabel(c) ? c : '-';
        if (c != '-' || (!result.empty() && result.back() != '-')) {
            result.push_back(c);
        }
    }
    while (result.ends_with('-')) {
        result.pop_back();
    }
    return result;
}

/// The last characters, which tell more than the first: "team/project/branch".
std::string endOf(std::string const& text, std::size_t longest) {
    std::string_view end = text;
    end.remove_prefix(text.size() > longest ? text.size() - longest : 0);
    while (end.starts_with('-')) {
        end.remove_prefix(1);
    }
    return std::string(end);
}

} // namespace

std::string composedName(NameParts const& parts, std::size_t longest) {
    bool const valid = !parts.prefix.empty() && parts.prefix.size() <= longestPrefix && isLower(parts.prefix.front()) &&
                       parts.prefix.back() != '-' && std::all_of(parts.prefix.begin(), parts.prefix.end(), &isLabel);
    if (!valid) {
        throw InvalidRequest(
            "'" + std::string(parts.prefix) +
            "' is no prefix for a name: use lower-case letters, digits and '-', a letter first, no '-' "
            "last, 24 characters at most");
    }
    std::string const end = "-" + utcForName(parts.time) + "-" + std::string(parts.tail);
    std::size_t const least = parts.prefix.size() + end.size();
    if (longest < least || longest > longestName) {
        throw InvalidRequest("a unique name of at most " + std::to_string(longest) +
                             " characters cannot be made: with '" + std::string(parts.prefix) + "' before it, it has " +
                             std::to_string(least) + " to " + std::to_string(longestName) +
                             "; ask for a length between, or take a shorter prefix");
    }
    std::string build = endOf(sanitised(parts.build), longestBuild);
    build.insert(0, build.empty() ? "" : "-");
    if (least + build.size() > longest) {
        build.clear();
    }
    std::size_t const taken = least + build.size() + 1;
    std::string const job = taken < longest ? endOf(sanitised(parts.job), longest - taken) : std::string();
    std::string name(parts.prefix);
    name.append(job.empty() ? "" : "-").append(job);
    return name.append(build).append(end);
}

} // namespace httptest::cleanup
