#include "expect/json_text.hpp"

#include "report/excerpt.hpp"

#include <httptest/redactor.hpp>

namespace httptest::inline v1 {

namespace {

constexpr std::size_t shownValueBytes = 200;
constexpr std::size_t shownNameBytes = 60;

void appendString(std::string& json, std::string_view text) {
    constexpr char const* digits = "0123456789abcdef";
    json.push_back('"');
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            json.append({'\\', c});
        } else if (c == '\n') {
            json.append("\\n");
        } else if (byte < 0x20) {
            json.append("\\u00").append({digits[byte >> 4], digits[byte & 15]});
        } else {
            json.push_back(c);
        }
    }
    json.push_back('"');
}

void appendJson(std::string& json, JsonView value, std::size_t limit) {
    switch (value.kind()) {
    case JsonKind::null: json.append("null"); return;
    case JsonKind::boolean: json.append(value.boolean() ? "true" : "false"); return;
    case JsonKind::number: json.append(value.text()); return;
    case JsonKind::string: appendString(json, value.text()); return;
    default: break;
    }
    bool const object = value.kind() == JsonKind::object;
    json.push_back(object ? '{' : '[');
    char const* separator = "";
    for (JsonView const child : value) {
        if (json.size() > limit) {
            break;
        }
        json.append(separator);
        separator = ",";
        if (object) {
            appendString(json, child.name());
            json.push_back(':');
        }
        appendJson(json, child, limit);
    }
    json.push_back(object ? '}' : ']');
}

} // namespace

std::string compactJson(JsonView value, std::size_t limit) {
    std::string json;
    appendJson(json, value, limit);
    return json;
}

std::string shownJson(JsonView value, std::string_view memberName) {
    if (!value.exists()) {
        return "nothing";
    }
    if (isSecretMember(memberName) && value.kind() != JsonKind::null) {
        return std::string(redactedMark);
    }
    std::string const json = compactJson(value, examinedBytes);
    Excerpt const excerpt = redactedExcerpt(json, shownValueBytes);
    return excerpt.whole ? excerpt.text : excerpt.text + "…";
}

bool isSecretMember(std::string_view name) {
    if (name.empty()) {
        return false;
    }
    std::string member;
    appendString(member, name);
    member.append(R"(:"x")");
    return redacted(member) != member;
}

std::string inJsonQuotes(std::string_view name) {
    Excerpt const excerpt = redactedExcerpt(name, shownNameBytes);
    return "'" + excerpt.text + (excerpt.whole ? "'" : "…'");
}

std::string counted(std::size_t count, char const* noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

} // namespace httptest::v1
