#include "config/configuration_file.hpp"

#include <httptest/error.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <string_view>
#include <vector>

// Not Poco::Util's properties: they take backslashes out of values and expand "${…}" in them, which changes secrets.

namespace httptest::inline v1 {

namespace {

using Values = FileValues;

constexpr std::size_t longestFile = std::size_t{1024} * 1024;
/// Keys have two parts, three in an identity's section.
constexpr int deepestFile = 16;

std::string contentOf(std::string const& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string content(longestFile + 1, '\0');
    if (file.is_open()) {
        file.read(content.data(), static_cast<std::streamsize>(content.size()));
    }
    if (!file.is_open() || file.bad()) {
        throw Misconfigured("cannot read the configuration file '" + path +
                            "' (named by HTTPTEST_CONFIG): " + (errno != 0 ? std::strerror(errno) : "is it a folder?"));
    }
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (content.size() > longestFile) {
        throw Misconfigured("the configuration file '" + path + "' is over 1 MiB; is it the right file?");
    }
    return content;
}

std::string lineAt(std::string_view text, std::size_t byte) {
    auto const end = text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size()));
    return std::to_string(std::count(text.begin(), end, '\n') + 1);
}

void flatten(nlohmann::json const& value, std::string const& key, std::string const& path, Values& values) {
    if (value.is_object()) {
        for (auto const& [name, member] : value.items()) {
            flatten(member, key.empty() ? name : key + "." + name, path, values);
        }
        return;
    }
    FileValue read;
    if (value.is_string()) {
        read.text = value.get<std::string>();
    } else if (value.is_number() || value.is_boolean()) {
        read.text = value.dump();
    } else if (value.is_array() &&
               std::all_of(value.begin(), value.end(), [](auto const& e) { return e.is_string(); })) {
        read.isList = true;
        read.list = value.get<std::vector<std::string>>();
    } else {
        throw Misconfigured("key '" + key + "' of " + path +
                            " is neither text, number, true, false nor a list of texts");
    }
    if (!values.emplace(key, std::move(read)).second) {
        throw Misconfigured("key '" + key + "' stands twice in " + path);
    }
}

Values fromJson(std::string const& text, std::string const& path) {
    std::vector<std::set<std::string>> names;
    auto const check = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
        using Event = nlohmann::json::parse_event_t;
        if (depth > deepestFile) {
            throw Misconfigured(path + " is nested deeper than " + std::to_string(deepestFile) +
                                " levels; is it the right file?");
        }
        if (event == Event::object_start) {
            names.emplace_back();
        } else if (event == Event::object_end) {
            names.pop_back();
        } else if (event == Event::key && parsed.get_ref<std::string const&>().empty()) {
            throw Misconfigured("a key of " + path + " is empty: \"\"");
        } else if (event == Event::key && !names.back().insert(parsed.get<std::string>()).second) {
            throw Misconfigured("key '" + parsed.get<std::string>() + "' stands twice in one object of " + path);
        }
        return true;
    };
    try {
        nlohmann::json const document = nlohmann::json::parse(text, check, true, true);
        if (!document.is_object()) {
            throw Misconfigured(path + " must hold a JSON object");
        }
        Values values;
        flatten(document, "", path, values);
        return values;
    } catch (nlohmann::json::parse_error const& error) {
        // The library's own text quotes what it last read, which may be a secret.
        throw Misconfigured(path + " is no JSON: it breaks off or goes wrong in line " + lineAt(text, error.byte));
    } catch (nlohmann::json::exception const&) {
        throw Misconfigured(path + " is no JSON that can be read (invalid UTF-8 or a number out of range)");
    }
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r";
    auto const begin = text.find_first_not_of(space);
    return begin == std::string_view::npos ? std::string_view()
                                           : text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

bool isKey(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
               c == '.';
    });
}

Values fromLines(std::string_view text, std::string const& path) {
    constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
    text.remove_prefix(text.starts_with(byteOrderMark) ? byteOrderMark.size() : 0);
    Values values;
    std::size_t number = 0;
    while (!text.empty()) {
        std::string_view const line = trimmed(text.substr(0, text.find('\n')));
        text.remove_prefix(
            std::min(text.size(), text.find('\n') == std::string_view::npos ? text.size() : text.find('\n') + 1));
        ++number;
        if (line.empty() || line.front() == '#' || line.front() == '!') {
            continue;
        }
        std::string const place = path + ", line " + std::to_string(number);
        auto const equals = line.find('=');
        // The line is not quoted: it may be one of several of a secret, a PEM key's say.
        if (equals == std::string_view::npos) {
            throw Misconfigured(place + ": expected `key = value` on one line");
        }
        std::string key(trimmed(line.substr(0, equals)));
        if (!isKey(key)) {
            throw Misconfigured(place + ": what stands before '=' is no key (letters, digits, '_', '-' and '.')");
        }
        if (!values.emplace(key, FileValue{std::string(trimmed(line.substr(equals + 1))), {}}).second) {
            throw Misconfigured(place + ": key '" + key + "' stands twice");
        }
    }
    return values;
}

} // namespace

Values readConfigurationFile(std::string const& path) {
    std::string const content = contentOf(path);
    return path.ends_with(".json") ? fromJson(content, path) : fromLines(content, path);
}

} // namespace httptest::v1
