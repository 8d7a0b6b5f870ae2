#include "config/setting_value.hpp"

#include <httptest/error.hpp>
#include <httptest/url.hpp>

#include <algorithm>
#include <charconv>

namespace httptest::inline v1 {

namespace {

[[noreturn]] void refuse(Settings::Value const& value, std::string const& why) {
    throw Misconfigured(value.where + ": " + why);
}

void checkNumber(SettingSpec const& spec, Settings::Value const& value) {
    std::string const& text = value.text;
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string const unit = spec.kind == SettingKind::milliseconds ? " of milliseconds" : "";
    if (error != std::errc() || end != text.data() + text.size()) {
        refuse(value, "'" + text + "' is no whole number" + unit);
    }
    if (number < spec.minimum || number > spec.maximum) {
        refuse(value, text + " is out of range (" + std::to_string(spec.minimum) + " to " +
                          std::to_string(spec.maximum) + ")");
    }
}

/// Joins a list of a JSON file as the setting's text has it.
void joinList(SettingSpec const& spec, Settings::Value& value) {
    if (spec.kind != SettingKind::list && spec.kind != SettingKind::pathList) {
        refuse(value, "is a list, and this setting is one value");
    }
    char const separator = spec.kind == SettingKind::list ? ',' : ':';
    for (std::string const& element : value.list) {
        if (element.empty() || element.find(separator) != std::string::npos) {
            refuse(value, std::string("an element of the list is empty or holds a '") + separator + "'");
        }
    }
    value.text = joined(value.list, spec.kind == SettingKind::list ? "," : ":");
    value.list.clear();
    value.isList = false;
}

void checkUrl(Settings::Value const& value) {
    try {
        Url::parse(value.text);
    } catch (InvalidRequest const& error) {
        refuse(value, error.what());
    }
}

} // namespace

void checkValue(SettingSpec const& spec, Settings::Value& value) {
    if (value.isList) {
        joinList(spec, value);
    }
    if (value.text.empty()) {
        refuse(value, "is set but empty; remove it or give it a value");
    }
    if (spec.kind == SettingKind::secret && !value.isFile) {
        return; // any bytes may be a secret's
    }
    if (value.text.find("${") != std::string::npos) {
        refuse(value, "holds a '${' that nothing has replaced");
    }
    switch (spec.kind) {
    case SettingKind::integer:
    case SettingKind::milliseconds: checkNumber(spec, value); break;
    case SettingKind::url: checkUrl(value); break;
    case SettingKind::boolean:
        if (value.text != "true" && value.text != "false" && value.text != "1" && value.text != "0") {
            refuse(value, "'" + value.text + "' is neither true nor false");
        }
        value.text = value.text == "true" || value.text == "1" ? "true" : "false";
        break;
    case SettingKind::choice:
        if (std::find(spec.choices.begin(), spec.choices.end(), value.text) == spec.choices.end()) {
            refuse(value, "'" + value.text + "' is none of " + joined(spec.choices, ", "));
        }
        break;
    case SettingKind::text:
    case SettingKind::list:
    case SettingKind::pathList:
    case SettingKind::path:
    case SettingKind::secret: break;
    }
}

std::string joined(std::vector<std::string> const& texts, char const* separator) {
    std::string result;
    for (std::string const& text : texts) {
        result.append(result.empty() ? "" : separator).append(text);
    }
    return result;
}

} // namespace httptest::v1
